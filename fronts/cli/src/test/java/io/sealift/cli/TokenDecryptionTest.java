package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.JweRecipient;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.crypt.SoftToken;
import io.sealift.testing.crypt.TokenRecipient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images encrypted for a key in a real token of SoftHSM.
@Tag("peers")
class TokenDecryptionTest {

  @TempDir static Path tokens;
  private static SoftToken token = new SoftToken(Path.of(""));
  private static KeyPair keys = new KeyPair(null, null);

  @TempDir Path directory;
  private final InProcessRegistry registry = InProcessRegistry.start();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeAll
  static void makeToken() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072); // less does not hold private options
    keys = generator.generateKeyPair();
    token =
        SoftToken.create(tokens, "images")
            .put(keys, "images", "key", "01")
            .put(generator.generateKeyPair(), "images", "other", "02");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static BuiltBlob layer(Packing packing) {
    return BuiltBlob.layer(
        new TarBuilder().file("motd", "secret\n").build(), packing, ImageBuilder.Form.OCI);
  }

  private String push(BuiltBlob... layers) {
    ImageBuilder image = new ImageBuilder();
    Stream.of(layers).forEach(image::layer);
    registry.push("app", "v1", image.build());
    return registry.name("app", "v1");
  }

  private static TokenRecipient recipient(String hash) {
    return new TokenRecipient((RSAPublicKey) keys.getPublic(), hash);
  }

  private String keyOption(String path, String query) throws Exception {
    String uri = "pkcs11:" + path + "?" + query.replace("@", SoftToken.module().toString());
    Path file = Files.writeString(directory.resolve("key.yaml"), token.keyFile(uri));
    return "--decryption-key=" + file;
  }

  private String goodKey() throws Exception {
    environment.put("OCICRYPT_CONFIG", token.allowing().toString());
    return keyOption("token=images;object=key", "pin-value=1234&module-name=softhsm2");
  }

  private Run pull(String name, String... options) {
    return Run.of(
        environment,
        Stream.concat(
                Stream.of(
                    "pull",
                    name,
                    "--bundle=" + directory.resolve("bundle"),
                    "--work-dir=" + directory.resolve("store"),
                    "--snapshotter=copy",
                    "--plain-http",
                    "--insecure-policy",
                    "--verbose"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"TAR, sha256", "GZIP, sha256", "ZSTD, sha256", "GZIP, sha1", "GZIP, ''"})
  void areOpened(Packing packing, String hash) throws Exception {
    Run run = pull(push(recipient(hash).encrypt(layer(packing))), goodKey());
    assertEquals(0, run.status(), run.err());
    assertEquals("secret\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
    assertFalse((run.out() + run.err()).contains("1234"), run.err());
  }

  /// All layers at once ask the one token.
  @Test
  void manyLayersAreOpened() throws Exception {
    BuiltBlob[] layers = new BuiltBlob[8];
    for (int i = 0; i < layers.length; i++) {
      byte[] tar = new TarBuilder().file("file" + i, "x".repeat(i + 1)).build();
      BuiltBlob plain = BuiltBlob.layer(tar, Packing.GZIP, ImageBuilder.Form.OCI);
      layers[i] = recipient(i % 2 == 0 ? "sha256" : "sha1").encrypt(plain);
    }
    Run run = pull(push(layers), goodKey());
    assertEquals(0, run.status(), run.err());
    for (int i = 0; i < layers.length; i++) {
      assertEquals(i + 1, Files.size(directory.resolve("bundle/rootfs/file" + i)));
    }
  }

  @Test
  void oneThatIsForSomebodyElseTooIsOpenedByWhoeverCan() throws Exception {
    JweRecipient other = JweRecipient.withNewKey("EC");
    LayerEncryptor encryptor = new LayerEncryptor(layer(Packing.GZIP), 3);
    byte[] options = encryptor.privateOptions();
    String name =
        push(
            encryptor
                .wrap("jwe", other.wrap(options))
                .wrap("pkcs11", TokenRecipient.wrap(options, recipient("sha256")))
                .build());
    assertEquals(0, pull(name, goodKey()).status());
    Path pem = Files.writeString(directory.resolve("other.pem"), other.privateKey());
    Run decryptKey = Run.of("decrypt-key", name, "--plain-http", "--decryption-key=" + pem);
    assertTrue(decryptKey.out().contains("opened by jwe"), decryptKey.out());
    environment.clear();
    Run neither = Run.of("decrypt-key", name, "--plain-http", goodKey());
    assertEquals(5, neither.status());
    assertTrue(neither.out().contains("jwe: no private key was given; pkcs11: "), neither.out());
    assertTrue(neither.out().contains("no module may be loaded"), neither.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "token=images;object=key | pin-value=9876&module-path=@ | the token does not take the PIN (C_Login: CKR_PIN_INCORRECT)",
        "token=images;object=key | pin-value=1234&module-path=/nowhere/module.so | module /nowhere/module.so is not there",
        "token=images;object=key | pin-value=1234&module-name=none | module 'none' is in none of",
        "token=images;object=key | pin-value=1234&module-path=/bin/sh | module /bin/sh is not allowed; allow it in ocicrypt.conf",
        "token=images;object=key | pin-value=1234 | its URI names no module",
        "token=nobody;object=key | pin-value=1234&module-path=@ | there is no such token",
        "token=images;object=nothing | pin-value=1234&module-path=@ | the token has no such private RSA key",
        "token=images;object=other | pin-value=1234&module-path=@ | the token's key does not open it, or it was changed",
      })
  void areRefusedWithTheReason(String path, String query, String why) throws Exception {
    environment.put("OCICRYPT_CONFIG", token.allowing().toString());
    Run run = pull(push(recipient("sha256").encrypt(layer(Packing.GZIP))), keyOption(path, query));
    assertEquals(5, run.status(), run.err());
    String before = ": no key opens it (pkcs11: pkcs11:" + path + ": " + why;
    assertTrue(run.err().contains(before), run.err());
    assertTrue(run.err().contains("; name one with --decryption-key"), run.err());
    assertFalse(run.err().contains("9876") || run.err().contains("1234"), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "object=key | pin-value=1234&module-path=@ | its URI names no token: neither token=, serial= nor slot-id=",
        "token=images;object=k y | pin-value=1234 | the attribute 'object' of its URI has a character that has to be percent-encoded",
        "token=images;object=key | pin-value=12%3 | the attribute 'pin-value' of its URI has a % without two hexadecimal digits",
        "token=images;object=key | module-path=@ | it takes a PIN of 1 to 1024 bytes: pin-value= or pin-source= in its URI, or FILE:PIN",
      })
  void aBadKeyFileIsRefused(String path, String query, String why) throws Exception {
    environment.put("OCICRYPT_CONFIG", token.allowing().toString());
    String option = keyOption(path, query);
    Run run = pull(push(recipient("sha256").encrypt(layer(Packing.GZIP))), option);
    assertEquals(5, run.status(), run.err());
    assertTrue(
        run.err().contains("read key file " + directory.resolve("key.yaml") + ": " + why),
        run.err());
  }

  @Test
  void aConfigurationThatIsMissingIsToldByName() throws Exception {
    String option = goodKey();
    environment.put("OCICRYPT_CONFIG", "/nowhere/ocicrypt.conf");
    Run run = pull(push(recipient("sha256").encrypt(layer(Packing.GZIP))), option);
    assertEquals(5, run.status(), run.err());
    assertTrue(run.err().contains("read /nowhere/ocicrypt.conf: it cannot be read"), run.err());
  }

  @Test
  void aBlobThatWasChangedIsRefusedAsEver() throws Exception {
    BuiltImage image =
        new ImageBuilder().layer(recipient("sha256").encrypt(layer(Packing.GZIP))).build();
    registry.push("app", "v1", image);
    byte[] changed = image.layers().getFirst().bytes().clone();
    changed[20] ^= 1;
    registry.plan("/blobs/" + image.layers().getFirst().digest(), 9, Fault.body(changed));
    Run run = pull(registry.name("app", "v1"), goodKey());
    assertEquals(6, run.status(), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  @ParameterizedTest
  @CsvSource({"sha1", "sha256"})
  void aWrappedKeyThatWasChangedOpensNothing(String hash) throws Exception {
    LayerEncryptor encryptor = new LayerEncryptor(layer(Packing.GZIP), 3);
    byte[] ciphertext = recipient(hash).ciphertext(encryptor.privateOptions());
    ciphertext[200] ^= 1;
    String json =
        "{\"version\":0,\"recipients\":[{\"version\":0,\"blob\":\"%s\",\"hash\":\"%s\"}]}"
            .formatted(LayerEncryptor.base64(ciphertext), hash);
    Run run = pull(push(encryptor.wrap("pkcs11", json.getBytes(UTF_8)).build()), goodKey());
    assertEquals(5, run.status(), run.err());
    assertTrue(
        run.err().contains("the token's key does not open it, or it was changed"), run.err());
  }

  @Test
  void inspectTellsHowLongTheKeyIs() {
    String name = push(recipient("sha256").encrypt(layer(Packing.GZIP)));
    Run run = Run.of("inspect", name, "--plain-http");
    assertTrue(run.out().contains("  for pkcs11: RSA-3072 by OAEP with SHA-256\n"), run.out());
  }

  @Test
  void aKeyFileNeedNotBeForThisImage() throws Exception {
    JweRecipient other = JweRecipient.withNewKey("EC");
    Path pem = Files.writeString(directory.resolve("other.pem"), other.privateKey());
    Run run = pull(push(other.encrypt(layer(Packing.GZIP))), "--decryption-key=" + pem, goodKey());
    assertEquals(0, run.status(), run.err());
  }
}
