package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.crypt.SoftToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images that ocicrypt itself encrypted give the tree of the plain one; how they were made is told
/// beside them.
@Tag("peers")
class OcicryptTest {

  private static final Path FIXTURE =
      Path.of("src/test/resources/io/sealift/cli/ocicrypt").toAbsolutePath();

  @TempDir static Path shared;
  @TempDir Path directory;
  private static final Map<String, String> ENVIRONMENT = new HashMap<>();
  private static String keyFile = "";

  @BeforeAll
  static void prepare() throws Exception {
    SoftToken token = SoftToken.create(shared, "images").put(key(), "images", "imagekey", "01");
    String uri = "pkcs11:token=images;object=imagekey?module-name=softhsm2&pin-value=";
    keyFile =
        Files.writeString(shared.resolve("token.yaml"), token.keyFile(uri + SoftToken.PIN))
            .toString();
    Path providers =
        Files.writeString(
            shared.resolve("providers.json"),
            """
            {"key-providers": {"example": {"cmd": {"path": "python3", "args": ["%s"]}}}}
            """
                .formatted(FIXTURE.resolve("keyprovider.py")));
    ENVIRONMENT.put("OCICRYPT_CONFIG", token.allowing().toString());
    ENVIRONMENT.put("OCICRYPT_KEYPROVIDER_CONFIG", providers.toString());
  }

  private static PrivateKey key() throws Exception {
    String pem = Files.readString(FIXTURE.resolve("key.pem")).replaceAll("-----.*-----", "");
    return KeyFactory.getInstance("RSA")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
  }

  private List<String> tree(String name, String... options) throws Exception {
    Path root = directory.resolve(name);
    Run run =
        Run.of(
            ENVIRONMENT,
            Stream.concat(
                    Stream.of(
                        "unpack",
                        "oci:" + FIXTURE.resolve("layout") + ":" + name,
                        root.toString(),
                        "--insecure-policy"),
                    Stream.of(options))
                .toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    return TreeLines.of(root);
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs11-sha256, TOKEN, RSA-3072 by OAEP with SHA-256",
    "pkcs11-sha1, TOKEN, RSA-3072 by OAEP with SHA-1",
    "provider, provider:example, ''",
    "provider, '', ''",
  })
  void itsImagesAreOpened(String name, String key, String recipient) throws Exception {
    String[] options =
        key.isEmpty()
            ? new String[0]
            : new String[] {"--decryption-key=" + key.replace("TOKEN", keyFile)};
    assertEquals(tree("plain"), tree(name, options));
    Run inspect = Run.of("inspect", "oci:" + FIXTURE.resolve("layout") + ":" + name);
    assertTrue(inspect.out().contains("encrypted"), inspect.out());
    assertTrue(inspect.out().contains(recipient), inspect.out());
  }
}
