package io.sealift.pkcs7;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images that the real skopeo encrypted for certificates that the real openssl made.
@Tag("peers")
class SkopeoTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder()
          .layer(new TarBuilder().file("a", "secret".repeat(50_000)).build())
          .layer(new TarBuilder().file("b", "more").build())
          .build();

  @TempDir static Path directory;

  private static SkopeoEncryption encrypted;

  @BeforeAll
  static void encrypt() throws Exception {
    for (String name : List.of("ada", "bob", "eve")) {
      openssl(
          "req",
          "-x509",
          "-newkey",
          "rsa:2048",
          "-nodes",
          "-subj",
          "/O=Example/CN=" + name,
          "-keyout",
          path(name + ".key"),
          "-out",
          path(name + ".crt"));
      openssl("rsa", "-in", path(name + ".key"), "-traditional", "-out", path(name + ".pkcs1"));
      openssl(
          "rsa",
          "-in",
          path(name + ".key"),
          "-traditional",
          "-aes128",
          "-passout",
          "pass:open sesame",
          "-out",
          path(name + ".pkcs1-locked"));
      openssl(
          "pkcs8",
          "-topk8",
          "-in",
          path(name + ".key"),
          "-passout",
          "pass:open sesame",
          "-out",
          path(name + ".locked"));
      openssl("x509", "-in", path(name + ".crt"), "-outform", "DER", "-out", path(name + ".der"));
    }
    encrypted =
        SkopeoEncryption.of(
            IMAGE,
            directory,
            Map.of(),
            List.of("pkcs7:" + path("ada.crt"), "pkcs7:" + path("bob.der")));
  }

  private static String path(String name) {
    return directory.resolve(name).toString();
  }

  private static void openssl(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
    builder.command().addFirst("openssl");
    Process openssl = builder.start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, openssl.waitFor(), said);
  }

  private static KeyFile file(String name, String password) throws Exception {
    return new KeyFile(
        name,
        Files.readAllBytes(directory.resolve(name)),
        password.isEmpty() ? null : password.toCharArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada.key", "ada.pkcs1", "ada.locked", "ada.pkcs1-locked", "bob.key"})
  void layersAreOpenedByEveryRecipient(String key) throws Exception {
    String name = key.substring(0, 3);
    for (String certificate : List.of(name + ".crt", name + ".der")) {
      List<byte[]> layers =
          encrypted.open(
              new Pkcs7Keys(
                  List.of(
                      file(key, key.endsWith("locked") ? "open sesame" : ""),
                      file(certificate, ""))));
      assertEquals(2, layers.size());
      assertArrayEquals(IMAGE.layers().get(0).bytes(), layers.get(0));
      assertArrayEquals(IMAGE.layers().get(1).bytes(), layers.get(1));
    }
  }

  @Test
  void nobodyElseOpensThem() throws Exception {
    Pkcs7Keys eve = new Pkcs7Keys(List.of(file("eve.key", ""), file("eve.crt", "")));
    String refusal =
        assertThrows(AuthenticationException.class, () -> encrypted.open(eve)).getMessage();
    assertTrue(
        String.valueOf(refusal)
            .matches(
                ".*pkcs7: none of 1 certificates is a recipient; it is for certificate [0-9a-f]+ of"
                    + " CN=ada,O=Example, certificate [0-9a-f]+ of CN=bob,O=Example.*"),
        refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada.locked", "ada.pkcs1-locked"})
  void wrongPasswordsAreToldAtOnce(String key) {
    assertEquals(
        "read private key %s: its password is wrong".formatted(key),
        assertThrows(KeyException.class, () -> new Pkcs7Keys(List.of(file(key, "wrong"))))
            .reason());
  }
}
