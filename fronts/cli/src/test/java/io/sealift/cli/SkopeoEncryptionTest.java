package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.JweRecipient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images that the real skopeo encrypted.
@Tag("peers")
class SkopeoEncryptionTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "TAR,  jwe-rsa,        0",
    "GZIP, jwe-rsa,        0",
    "ZSTD, jwe-rsa,        0",
    "GZIP, jwe-ec,         0",
    "GZIP, jwe-rsa jwe-ec, 0",
    "GZIP, jwe-rsa jwe-ec, 1",
  })
  void areOpened(Packing packing, String recipients, int opener) throws Exception {
    Path layout =
        new LayoutWriter()
            .add(
                new ImageBuilder()
                    .layer(
                        new TarBuilder()
                            .directory("etc")
                            .file("etc/motd", "secret".repeat(10_000))
                            .build(),
                        packing)
                    .layer(new TarBuilder().file("etc/hosts", "x").build(), packing)
                    .build())
            .writeTo(directory.resolve("plain"));
    List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--insecure-policy"));
    List<String> keys = new ArrayList<>();
    for (String recipient : recipients.split(" ", -1)) {
      JweRecipient one = JweRecipient.withNewKey(recipient.endsWith("rsa") ? "RSA" : "EC");
      Path file = directory.resolve(recipient + ".pub");
      Files.writeString(file, one.publicKey());
      keys.add(
          Files.writeString(directory.resolve(recipient + ".pem"), one.privateKey()).toString());
      command.addAll(List.of("--encryption-key", "jwe:" + file));
    }
    Path encrypted = directory.resolve("encrypted");
    command.addAll(List.of("oci:" + layout, "oci:" + encrypted + ":v1"));
    Process skopeo =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("skopeo.log").toFile())
            .start();
    assertEquals(0, skopeo.waitFor(), () -> read(directory.resolve("skopeo.log")));
    Path root = directory.resolve("root");
    Run run =
        Run.of(
            "unpack",
            "oci:" + encrypted + ":v1",
            root.toString(),
            "--insecure-policy",
            "--decryption-key=" + keys.get(opener));
    assertEquals(0, run.status(), run.err());
    assertEquals("secret".repeat(10_000), Files.readString(root.resolve("etc/motd")));
    assertEquals("x", Files.readString(root.resolve("etc/hosts")));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException gone) {
      return gone.toString();
    }
  }
}
