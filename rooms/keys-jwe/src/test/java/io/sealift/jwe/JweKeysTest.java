package io.sealift.jwe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.WrappedKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JweKeysTest {

  private static final String OPTIONS = "{\"symkey\":\"…\"}";
  private static final String WRONG = "the private key does not open it, or it was changed";
  private static final RSAKey RSA = rsa();
  private static final RSAKey OTHER_RSA = rsa();
  private static final ECKey EC = ec(Curve.P_256);
  private static final ECKey EC521 = ec(Curve.P_521);

  private static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static ECKey ec(Curve curve) {
    try {
      return new ECKeyGenerator(curve).generate();
    } catch (JOSEException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static JweKeys keys(JWK... keys) throws KeyException {
    return new JweKeys(
        List.of(keys).stream()
            .map(key -> new KeyFile("key.json", key.toJSONString().getBytes(UTF_8), null))
            .toList());
  }

  private static JWEObject message(JWEHeader header, JWK key) throws JOSEException {
    JWEObject message = new JWEObject(header, new Payload(OPTIONS));
    message.encrypt(
        key instanceof RSAKey rsa ? new RSAEncrypter(rsa) : new ECDHEncrypter(key.toECKey()));
    return message;
  }

  private static JWEObject message(JWEAlgorithm algorithm, JWK key) throws JOSEException {
    return message(new JWEHeader(algorithm, EncryptionMethod.A256GCM), key);
  }

  private static String flattened(JWEObject message) {
    return """
    {"protected":"%s","encrypted_key":"%s","iv":"%s","ciphertext":"%s","tag":"%s"}\
    """
        .formatted(
            message.getHeader().toBase64URL(),
            message.getEncryptedKey(),
            message.getIV(),
            message.getCipherText(),
            message.getAuthTag());
  }

  /// @param recipients members of each, without braces
  private static String general(JWEObject message, String... recipients) {
    return """
    {"protected":"%s","recipients":[{%s}],"iv":"%s","ciphertext":"%s","tag":"%s"}\
    """
        .formatted(
            message.getHeader().toBase64URL(),
            String.join("},{", recipients),
            message.getIV(),
            message.getCipherText(),
            message.getAuthTag());
  }

  private static String recipient(JWEObject message) {
    return "\"encrypted_key\":\"" + message.getEncryptedKey() + "\"";
  }

  private static String open(JweKeys keys, String message) throws KeyException {
    return new String(keys.unwrap(new WrappedKey("jwe", message.getBytes(US_ASCII))), UTF_8);
  }

  private static String refusal(JweKeys keys, String message) {
    return assertThrows(KeyException.class, () -> open(keys, message)).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-OAEP,       A256GCM,       RSA",
    "RSA-OAEP-256,   A256GCM,       RSA",
    "ECDH-ES+A128KW, A256GCM,       EC",
    "ECDH-ES+A192KW, A256GCM,       EC",
    "ECDH-ES+A256KW, A256GCM,       EC",
    "ECDH-ES+A256KW, A256GCM,       EC521",
    "RSA-OAEP,       A128GCM,       RSA",
    "RSA-OAEP,       A192GCM,       RSA",
    "ECDH-ES+A256KW, A128CBC-HS256, EC",
    "ECDH-ES+A256KW, A192CBC-HS384, EC",
    "RSA-OAEP,       A256CBC-HS512, RSA",
  })
  void opensWhatOcicryptOpens(String algorithm, String method, String kind) throws Exception {
    JWK key = kind.equals("RSA") ? RSA : kind.equals("EC") ? EC : EC521;
    JWEObject message =
        message(new JWEHeader(JWEAlgorithm.parse(algorithm), EncryptionMethod.parse(method)), key);
    JweKeys keys = keys(key);
    assertEquals(OPTIONS, open(keys, flattened(message)));
    assertEquals(OPTIONS, open(keys, general(message, recipient(message))));
    assertEquals(OPTIONS, open(keys, message.serialize()));
    assertEquals(OPTIONS, open(keys(OTHER_RSA, key), flattened(message)));
  }

  @Test
  void triesEveryRecipient() throws Exception {
    JWEObject message = message(JWEAlgorithm.RSA_OAEP_256, RSA);
    String other = recipient(message(JWEAlgorithm.RSA_OAEP_256, OTHER_RSA));
    assertEquals(OPTIONS, open(keys(RSA), general(message, other, recipient(message))));
    assertEquals(
        "none of 1 private keys opens any of its 2 recipients",
        refusal(keys(EC), general(message, other, recipient(message))));
  }

  @Test
  void readsHeadersThatAreNotProtected() throws Exception {
    JWEObject message = message(JWEAlgorithm.RSA_OAEP_256, RSA);
    String moved = recipient(message) + ",\"header\":{\"kid\":\"mine\"}";
    assertEquals(OPTIONS, open(keys(RSA), general(message, moved)));
    String twice = recipient(message) + ",\"header\":{\"alg\":\"RSA-OAEP-256\"}";
    assertEquals("'alg' stands in two of its headers", refusal(keys(RSA), general(message, twice)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protected", "encrypted_key", "iv", "ciphertext", "tag"})
  void refusesWhatWasChanged(String member) throws Exception {
    String message = flattened(message(JWEAlgorithm.ECDH_ES_A256KW, EC));
    int at = message.indexOf(":\"", message.indexOf('"' + member + '"')) + 12;
    char there = message.charAt(at);
    String changed =
        message.substring(0, at) + (there == 'A' ? 'B' : 'A') + message.substring(at + 1);
    String refusal = refusal(keys(EC), changed);
    assertTrue(
        refusal.equals(WRONG)
            || (member.equals("protected") && refusal.equals("it is no JSON Web Encryption")),
        refusal);
  }

  static List<Arguments> refused() throws Exception {
    JWEObject good = message(JWEAlgorithm.parse("RSA-OAEP"), RSA);
    JWEObject zipped =
        message(
            new JWEHeader.Builder(JWEAlgorithm.parse("RSA-OAEP"), EncryptionMethod.A256GCM)
                .compressionAlgorithm(CompressionAlgorithm.DEF)
                .build(),
            RSA);
    JWEObject old = message(JWEAlgorithm.parse("RSA1_5"), RSA);
    String[] crowd = new String[65];
    java.util.Arrays.fill(crowd, recipient(good));
    return List.of(
        Arguments.of(flattened(message(JWEAlgorithm.parse("RSA-OAEP"), OTHER_RSA)), WRONG),
        Arguments.of(flattened(message(JWEAlgorithm.ECDH_ES_A256KW, EC)), WRONG),
        Arguments.of(flattened(zipped), "it is compressed, which is not supported"),
        Arguments.of(flattened(old), "it needs RSA1_5 with A256GCM, which is not supported"),
        Arguments.of(general(good, crowd), "it has 65 recipients, expected 1 to 64"),
        Arguments.of(
            general(good, recipient(good) + ",\"header\":{\"crit\":[\"x\"]}"),
            "it has critical parameters [x]"),
        Arguments.of("", "it is no JSON Web Encryption"),
        Arguments.of("{}", "it is no JSON Web Encryption"),
        Arguments.of("a.b.c.d", "it is no JSON Web Encryption"),
        Arguments.of("a.b.c.d.e", "it is no JSON Web Encryption"),
        Arguments.of("{\"protected\":\"e30\"}", "it is no JSON Web Encryption"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatItCannotOpen(String message, String reason) throws Exception {
    assertEquals(reason, refusal(keys(RSA), message));
  }

  @Test
  void saysThatThereIsNoKey() throws Exception {
    assertEquals("no private key was given", refusal(keys(), "{}"));
  }

  @Test
  void takesFilesThatArePrivateKeys() throws Exception {
    assertTrue(JweKeys.takes(file(RSA.toJSONString())));
    assertTrue(JweKeys.takes(file("\n " + EC.toJSONString())));
    assertFalse(JweKeys.takes(file(EC.toPublicJWK().toJSONString())));
    assertFalse(JweKeys.takes(file("{\"kty\":\"oct\",\"k\":\"AAAA\"}")));
    assertFalse(JweKeys.takes(file("pkcs11:\n  uri: x")));
    KeyFile damaged = file("-----BEGIN PRIVATE KEY-----\nAAAA");
    assertEquals(
        "read private key key.pem: it is damaged",
        assertThrows(KeyException.class, () -> JweKeys.takes(damaged)).reason());
  }

  private static KeyFile file(String content) {
    return new KeyFile("key.pem", content.getBytes(UTF_8), null);
  }
}
