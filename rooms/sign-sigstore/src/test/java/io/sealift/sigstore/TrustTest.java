package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.TrustAnchor;
import io.sealift.secret.FileSecrets;
import io.sealift.sigstore.TestAuthority.Leaf;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.verify.JcaHashing;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a policy trusts, as it is read.
class TrustTest {

  private static final SigningKey KEY = SigningKey.make();
  private static final Keyless KEYLESS = new Keyless();

  private static List<String> anchors(SigstoreSigned requirement) throws Exception {
    return new Sigstore(new JcaHashing()).anchors(requirement, new FileSecrets());
  }

  private static SigstoreSigned key(byte[] text) {
    return new SigstoreSigned(
        new TrustAnchor.PublicKeys(List.of(Scene.given("key", text))), List.of(), null, null);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void isToldInOneLineEach() throws Exception {
    assertEquals(List.of(VerifyingKey.of(KEY.der(), "key") + " (key)"), anchors(key(KEY.pem())));
    assertEquals(
        List.of(
            "authority 'CN=root, O=sigstore.test', expires 2040-01-01T00:00:00Z (fulcio)",
            "log %s (rekor)".formatted(VerifyingKey.of(KEYLESS.log.key.der(), "key"))),
        anchors(KEYLESS.fulcioRequirement()));
    assertEquals(
        List.of(
            "authority https://fulcio.test, trusted from 2025-01-01T00:00:00Z (trusted_root.json)",
            "log %s, trusted from 2025-01-01T00:00:00Z (trusted_root.json)"
                .formatted(VerifyingKey.of(KEYLESS.log.key.der(), "key")),
            "certificate log %s, trusted from 2025-01-01T00:00:00Z (trusted_root.json)"
                .formatted(VerifyingKey.of(KEYLESS.fulcio.certificateLog.der(), "key")),
            "time stamp authority https://clock.test, trusted from 2025-01-01T00:00:00Z"
                + " (trusted_root.json)"),
        anchors(KEYLESS.rootRequirement()));
  }

  static Stream<Arguments> keys() {
    String pem = text(KEY.pem());
    byte[] otherCurve = KEY.der();
    otherCurve[22] ^= 1;
    return Stream.of(
        Arguments.of(
            "", "the key is not PEM: expected 1 to 128 whole blocks 'PUBLIC KEY', found 0"),
        Arguments.of("hello", "found 0"),
        Arguments.of(text(KEY.der()), "found 0"),
        Arguments.of(pem.replace("PUBLIC", "PRIVATE"), "expected '-----BEGIN PUBLIC KEY-----'"),
        Arguments.of(pem.replace("PUBLIC", "RSA PUBLIC"), "expected '-----BEGIN PUBLIC KEY-----'"),
        Arguments.of(text(KEYLESS.pem()), "expected '-----BEGIN PUBLIC KEY-----'"),
        Arguments.of(pem + text(KEYLESS.pem()), "expected '-----BEGIN PUBLIC KEY-----'"),
        Arguments.of(pem.replace("-----END PUBLIC KEY-----\n", ""), "found 0"),
        Arguments.of(pem.repeat(129), "found 129"),
        Arguments.of(pem.replace("MF", "M*"), "the key is not base64"),
        Arguments.of(text(SigningKey.pem("PUBLIC KEY", new byte[0])), "not DER: cut short"),
        Arguments.of(text(SigningKey.pem("PUBLIC KEY", new byte[] {0x30, 0})), "not DER"),
        Arguments.of(text(SigningKey.pem("PUBLIC KEY", otherCurve)), "key"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void keysThatAreNoneAreRefused(String text, String reason) {
    PolicyRefusedException refused =
        assertThrows(PolicyRefusedException.class, () -> anchors(key(bytes(text))));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("read key: ") && message.contains(reason), message);
  }

  @ParameterizedTest
  @MethodSource("explanations")
  void filesMayExplainWhatTheyHold(String text, int keys) throws Exception {
    assertEquals(keys, anchors(key(bytes(text))).size());
  }

  static Stream<Arguments> explanations() {
    String pem = text(KEY.pem());
    return Stream.of(
        Arguments.of(pem, 1),
        Arguments.of("# Ada's key, until 2030\n" + pem + "\n\n# Bob's\n" + pem, 2),
        Arguments.of(pem.replace("\n", "\r\n"), 1),
        Arguments.of(pem.strip(), 1));
  }

  @Test
  void whatCannotBeReadIsRefused() {
    Material nowhere = new Material.At("/nothing/there.pub");
    for (TrustAnchor anchor :
        List.of(
            new TrustAnchor.PublicKeys(List.of(Scene.given("key", KEY.pem()), nowhere)),
            new TrustAnchor.Fulcio(nowhere, Leaf.ISSUER, Leaf.EMAIL, null),
            new TrustAnchor.Pki(
                Scene.given("root", TestAuthority.pem(KEYLESS.fulcio.root)),
                nowhere,
                Leaf.EMAIL,
                null),
            new TrustAnchor.TrustedRoot(nowhere, Leaf.ISSUER, Leaf.EMAIL, null))) {
      SigstoreSigned requirement = new SigstoreSigned(anchor, List.of(), null, null);
      assertThrows(ImageException.class, () -> anchors(requirement));
      try (Scene scene = Scene.open()) {
        assertThrows(ImageException.class, () -> scene.examine(requirement));
      }
    }
  }

  static Stream<Arguments> roots() {
    String log = "tlogs/0/publicKey/";
    String authority = "certificateAuthorities/0/";
    return Stream.of(
        root("mediaType", null, "mediaType"),
        root("mediaType", "application/json", "expected a trusted root"),
        root("certificateAuthorities", null, "a trusted root without certificate authorities"),
        root("certificateAuthorities", List.of(), "a trusted root without certificate authorities"),
        root(authority + "validFor", null, "validFor"),
        root(authority + "validFor/start", null, "start"),
        root(authority + "validFor/start", "yesterday", "is no period"),
        root(authority + "validFor/end", "", "is no period"),
        root(authority + "certChain/certificates", List.of(), "has no certificates"),
        root(authority + "certChain/certificates/0/rawBytes", "AAAA", "not DER"),
        root(authority + "certChain", null, "certChain"),
        root("tlogs", "none", "tlogs"),
        root("tlogs", Collections.nCopies(65, Map.of()), "a trusted root with more than 64 tlogs"),
        root(log + "rawBytes", null, "rawBytes"),
        root(log + "rawBytes", "*", "is not base64"),
        root(log + "rawBytes", Base64Text.encode(new byte[] {0x30, 0}), "not DER"),
        root(log + "validFor", null, "validFor"),
        root(log + "keyDetails", "PKCS1_RSA_PKCS1V5", "key"),
        root("ctlogs/0/publicKey/rawBytes", "AA==", "not DER"),
        root("timestampAuthorities/0/certChain", Map.of(), "has no certificates"));
  }

  private static Arguments root(String path, @Nullable Object value, String reason) {
    return Arguments.of(path, Edit.set(KEYLESS.trustedRoot(), path, value), reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("roots")
  void aRootThatIsNotUnderstoodIsRefused(String name, byte[] file, String reason) {
    PolicyRefusedException refused =
        assertThrows(
            PolicyRefusedException.class, () -> anchors(Keyless.rootRequirement(file, null)));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("read trusted_root.json: "), message);
    assertTrue(message.contains(reason), message);
  }
}
