package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.crypt.JweRecipient;
import io.sealift.testing.crypt.SkopeoEncryption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images that the real skopeo encrypted give the trees of the plain ones.
@Tag("peers")
class SkopeoEncryptionTest {

  @TempDir static Path keys;
  @TempDir Path directory;

  /// For each recipient a pair of files: `NAME.public` is encrypted for, `NAME.private` opens.
  @BeforeAll
  static void makeKeys() throws Exception {
    for (String algorithm : List.of("RSA", "EC")) {
      JweRecipient recipient = JweRecipient.withNewKey(algorithm);
      Files.writeString(keys.resolve("jwe-" + algorithm + ".public"), recipient.publicKey());
      Files.writeString(keys.resolve("jwe-" + algorithm + ".private"), recipient.privateKey());
    }
    run(
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ada -keyout pkcs7.private -out pkcs7.public");
    Files.createDirectory(
        keys.resolve("gnupg"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String gpg = "gpg --batch --passphrase= --pinentry-mode=loopback ";
    run(gpg + "--quick-generate-key ada@example.org rsa2048 encr never");
    run(gpg + "--output pgp.private --export-secret-keys ada@example.org");
    run("gpgconf --kill all");
  }

  private static Map<String, String> environment() {
    return Map.of("GNUPGHOME", keys.resolve("gnupg").toString());
  }

  private static void run(String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command.split(" ", -1))
            .directory(keys.toFile())
            .redirectErrorStream(true)
            .redirectOutput(keys.resolve("said").toFile());
    builder.environment().putAll(environment());
    assertEquals(
        0, builder.start().waitFor(), command + ": " + Files.readString(keys.resolve("said")));
  }

  private static BuiltImage image(Packing packing) {
    return new ImageBuilder()
        .layer(
            new TarBuilder()
                .directory("etc")
                .add(TarMember.file("etc/motd", "secret".repeat(600)).mode(04755))
                .hardLink("etc/again", "etc/motd")
                .symlink("etc/link", "motd")
                .file("gone", "x")
                .build(),
            packing)
        .layer(new TarBuilder().file("etc/hosts", "x").file(".wh.gone", "").build(), packing)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "TAR,  jwe-RSA,                jwe-RSA",
    "GZIP, jwe-RSA,                jwe-RSA",
    "ZSTD, jwe-RSA,                jwe-RSA",
    "GZIP, jwe-EC,                 jwe-EC",
    "TAR,  pgp,                    pgp",
    "GZIP, pgp,                    pgp",
    "ZSTD, pgp,                    pgp",
    "TAR,  pkcs7,                  pkcs7",
    "GZIP, pkcs7,                  pkcs7",
    "ZSTD, pkcs7,                  pkcs7",
    "GZIP, jwe-RSA jwe-EC,         jwe-RSA",
    "GZIP, jwe-RSA jwe-EC,         jwe-EC",
    "GZIP, jwe-RSA jwe-EC pgp pkcs7, jwe-EC",
    "GZIP, jwe-RSA jwe-EC pgp pkcs7, pgp",
    "GZIP, jwe-RSA jwe-EC pgp pkcs7, pkcs7",
  })
  void areOpened(Packing packing, String recipients, String opener) throws Exception {
    List<String> encryptedFor = new ArrayList<>();
    for (String recipient : recipients.split(" ", -1)) {
      String scheme = recipient.split("-", -1)[0];
      encryptedFor.add(
          scheme.equals("pgp")
              ? "pgp:ada@example.org"
              : scheme + ":" + keys.resolve(recipient + ".public"));
    }
    BuiltImage image = image(packing);
    Path encrypted = SkopeoEncryption.of(image, directory, environment(), encryptedFor).layout();
    List<String> options = new ArrayList<>(List.of(key(opener + ".private")));
    if (opener.equals("pkcs7")) {
      options.add(key("pkcs7.public"));
    }
    Path plain = new LayoutWriter().add(image).writeTo(directory.resolve("plain layout"));
    assertEquals(tree("expected", plain, List.of()), tree("opened", encrypted, options));
  }

  private static String key(String file) {
    return "--decryption-key=" + keys.resolve(file);
  }

  private List<String> tree(String name, Path layout, List<String> options) throws Exception {
    Path root = directory.resolve(name);
    List<String> line = new ArrayList<>(List.of("unpack", "oci:" + layout, root.toString()));
    line.add("--insecure-policy");
    line.addAll(options);
    Run run = Run.of(line.toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    return TreeLines.of(root);
  }
}
