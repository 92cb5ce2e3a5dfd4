package io.sealift.pgp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.failure.AuthenticationException;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.SkopeoEncryption;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that the real skopeo encrypted for keys that the real gpg made, and messages of gpg.
@Tag("peers")
class SkopeoTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder()
          .layer(new TarBuilder().file("a", "secret".repeat(50_000)).build())
          .layer(new TarBuilder().file("b", "more").build())
          .build();

  @TempDir static Path directory;

  private static Path home;
  private static SkopeoEncryption encrypted;

  @BeforeAll
  static void encrypt() throws Exception {
    home =
        Files.createDirectory(
            directory.resolve("gpg"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    makeKey("ada", "rsa2048", "rsa2048", "");
    makeKey("bob", "rsa2048", "rsa3072", "open sesame");
    makeKey("eve", "ed25519", "cv25519", "");
    makeKey("joe", "nistp256", "nistp256", "open sesame");
    encrypted =
        SkopeoEncryption.of(
            IMAGE, directory, Map.of("GNUPGHOME", home.toString()), List.of("pgp:ada@example.org"));
  }

  @AfterAll
  static void close() throws Exception {
    new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all").start().waitFor();
  }

  private static void makeKey(String name, String primary, String subkey, String password)
      throws Exception {
    gpg(
        password,
        "--quick-gen-key",
        name + " <" + name + "@example.org>",
        primary,
        "sign",
        "never");
    String fingerprint =
        new String(gpg("", "--with-colons", "--list-keys", name), StandardCharsets.US_ASCII)
            .lines()
            .filter(line -> line.startsWith("fpr:"))
            .findFirst()
            .orElseThrow()
            .replaceAll("^fpr:+|:$", "");
    gpg(password, "--quick-add-key", fingerprint, subkey, "encr", "never");
  }

  private static byte[] gpg(String password, String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder
        .command()
        .addAll(
            0,
            List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--yes",
                "--trust-model=always",
                "--pinentry-mode=loopback",
                "--passphrase=" + password));
    Path said = directory.resolve("said");
    Process gpg = builder.redirectError(said.toFile()).start();
    byte[] out = gpg.getInputStream().readAllBytes();
    assertEquals(0, gpg.waitFor(), () -> read(said));
    return out;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException gone) {
      return gone.toString();
    }
  }

  private static KeyFile ring(String name, String password, String... how) throws Exception {
    String[] arguments = Arrays.copyOf(how, how.length + 2);
    arguments[how.length] = "--export-secret-keys";
    arguments[how.length + 1] = name;
    return new KeyFile(
        name, gpg(password, arguments), password.isEmpty() ? null : password.toCharArray());
  }

  @Test
  void layersAreOpenedByTheRecipient() throws Exception {
    for (KeyFile ring : List.of(ring("ada", ""), ring("ada", "", "--armor"))) {
      List<byte[]> layers = encrypted.open(new PgpKeys(List.of(ring)));
      assertEquals(2, layers.size());
      assertArrayEquals(IMAGE.layers().get(0).bytes(), layers.get(0));
      assertArrayEquals(IMAGE.layers().get(1).bytes(), layers.get(1));
    }
  }

  @Test
  void nobodyElseOpensThem() throws Exception {
    PgpKeys eve = new PgpKeys(List.of(ring("eve", "")));
    String refusal =
        assertThrows(AuthenticationException.class, () -> encrypted.open(eve)).getMessage();
    assertTrue(
        String.valueOf(refusal)
            .matches(
                ".*pgp: none of 1 secret keys is a recipient; it is for OpenPGP key [0-9A-F]{16}.*"),
        refusal);
  }

  @Test
  void aWrongPasswordIsToldAtOnce() throws Exception {
    KeyFile locked = new KeyFile("bob", ring("bob", "open sesame").bytes(), "wrong".toCharArray());
    assertEquals(
        "read secret key ring bob: its password is wrong",
        assertThrows(KeyException.class, () -> new PgpKeys(List.of(locked))).reason());
  }

  /// As ocicrypt writes them but for keys that it cannot write for.
  @ParameterizedTest
  @ValueSource(strings = {"ada", "bob", "eve", "joe"})
  void messagesOfGpgAreOpened(String name) throws Exception {
    byte[] options = "{\"symkey\":\"c2VjcmV0\"}".getBytes(StandardCharsets.UTF_8);
    Path plain = Files.write(directory.resolve("options"), options);
    byte[] message =
        gpg(
            "",
            "--compress-algo=none",
            "--recipient",
            name,
            "--output=-",
            "--encrypt",
            plain.toString());
    String password = name.equals("bob") || name.equals("joe") ? "open sesame" : "";
    PgpKeys keys = new PgpKeys(List.of(ring(name, password)));
    assertArrayEquals(options, keys.unwrap(Wrapping.key(message)));
  }

  /// Rings without the secret of their primary key, as they lie on servers.
  @Test
  void subkeysAloneOpenThem() throws Exception {
    KeyFile subkeys = new KeyFile("subkeys", gpg("", "--export-secret-subkeys", "ada"), null);
    assertArrayEquals(
        IMAGE.layers().get(0).bytes(), encrypted.open(new PgpKeys(List.of(subkeys))).get(0));
  }
}
