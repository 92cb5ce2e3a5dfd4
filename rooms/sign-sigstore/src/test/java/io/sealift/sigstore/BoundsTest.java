package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.policy.Signature;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody who may write to a repository can put beside an image.
class BoundsTest {

  private static final SigningKey KEY = SigningKey.make();
  private static final SigningKey OTHER = SigningKey.make();
  private static final String TOO_MANY = "not looked at, for it is more than the 128 allowed";

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  private static long requests(Scene scene, String part) {
    return scene.registry.requests().stream()
        .filter(request -> request.target().contains(part))
        .count();
  }

  @Test
  void ofTenThousandSignaturesTheFirstAreLookedAt() throws Exception {
    try (Scene scene = Scene.open()) {
      BuiltBlob layer = CosignLayer.signed(OTHER, scene.digest(), Scene.NAME).blob();
      scene.attach(
          scene.digest(), ".sig", CosignLayer.manifest(Collections.nCopies(10_000, layer)));
      Scene.Examined examined = scene.examine(Scene.keys(KEY));
      assertEquals(129, examined.signatures().size());
      assertEquals(TOO_MANY, examined.verdicts().getLast());
      assertContains("layer 129", examined.signatures().getLast().place());
      assertEquals(128, requests(scene, "/blobs/" + layer.digest()));
      assertEquals(0, requests(scene, "/referrers/"));
    }
  }

  @Test
  void theFirstOfThemMayBeGood() throws Exception {
    try (Scene scene = Scene.open()) {
      List<BuiltBlob> layers =
          new ArrayList<>(
              Collections.nCopies(
                  200, CosignLayer.signed(OTHER, scene.digest(), Scene.NAME).blob()));
      layers.set(127, CosignLayer.signed(KEY, scene.digest(), Scene.NAME).blob());
      scene.attach(scene.digest(), ".sig", CosignLayer.manifest(layers));
      List<String> verdicts = scene.examine(Scene.keys(KEY)).verdicts();
      assertContains("proven", verdicts.get(127));
      layers.set(127, layers.getFirst());
      layers.set(128, CosignLayer.signed(KEY, scene.digest(), Scene.NAME).blob());
      scene.attach(scene.digest(), ".sig", CosignLayer.manifest(layers));
      verdicts = scene.examine(Scene.keys(KEY)).verdicts();
      assertTrue(verdicts.stream().noneMatch(verdict -> verdict.startsWith("proven")));
    }
  }

  /// With layers or without.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofManyReferrersTheFirstAreLookedAt(boolean layers) throws Exception {
    try (Scene scene = Scene.open()) {
      for (int number = 0; number < 300; number++) {
        Map<String, String> annotations = Map.of("number", Integer.toString(number));
        scene.refer(
            layers
                ? Referrer.bundle(scene.image, new byte[] {'{', '}'}, annotations)
                : Referrer.of(scene.image, Referrer.BUNDLE_TYPE, List.of(), annotations));
      }
      List<String> verdicts = scene.examine(Scene.keys(KEY)).verdicts();
      assertEquals(layers ? 129 : 1, verdicts.size());
      assertEquals(TOO_MANY, verdicts.getLast());
      assertEquals(128, requests(scene, "/manifests/sha256:"));
    }
  }

  @Test
  void aGigabyteIsNotFetched() throws Exception {
    try (Scene scene = Scene.open()) {
      BuiltBlob layer = CosignLayer.signed(KEY, scene.digest(), Scene.NAME).blob().size(1L << 30);
      scene.attach(scene.digest(), ".sig", CosignLayer.manifest(List.of(layer)));
      assertContains(
          "1073741824 bytes are more than the 4194304 allowed",
          scene.examine(Scene.keys(KEY)).verdict());
      assertEquals(0, requests(scene, "/blobs/" + layer.digest()));
    }
  }

  @Test
  void aSignatureThatDoesNotEndIsNotReadToItsEnd() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer layer = CosignLayer.signed(KEY, scene.digest(), Scene.NAME);
      scene.attach(layer);
      scene.registry.plan("/blobs/" + layer.blob().digest(), Fault.body(new byte[64 << 20]));
      assertContains("signature", scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  @Test
  void aReferrerOfAGigabyteIsNotFetched() throws Exception {
    try (Scene scene = Scene.open(InProcessRegistry.builder())) {
      var referrer = Referrer.bundle(scene.image, new byte[0]);
      scene.attach(
          scene.digest(),
          "",
          Referrer.fallback(referrer.document(referrer.document().size(1L << 30))));
      assertContains(
          "1073741824 bytes are more than the 4194304 allowed",
          scene.examine(Scene.keys(KEY)).verdict());
      assertEquals(0, requests(scene, referrer.digest().toString()));
    }
  }

  /// Each is as large as one may be, and together they are too large.
  @Test
  void allTogetherHaveABound() throws Exception {
    try (Scene scene = Scene.open()) {
      List<BuiltBlob> layers = new ArrayList<>();
      for (int number = 0; number < 20; number++) {
        byte[] content = new byte[4 << 20];
        content[0] = (byte) number;
        layers.add(CosignLayer.signed(OTHER, content).blob());
      }
      scene.attach(scene.digest(), ".sig", CosignLayer.manifest(layers));
      List<String> verdicts = scene.examine(Scene.keys(KEY)).verdicts();
      assertEquals(20, verdicts.size());
      assertContains("no key of the policy", verdicts.get(14));
      assertEquals(
          "fetch signatures: more than the 67108864 bytes allowed for one image", verdicts.get(15));
      assertEquals(15, requests(scene, "/blobs/") - 1, "one of them is the config");
    }
  }

  static Stream<Arguments> envelopes() {
    byte[] huge = new byte[2 << 20];
    String deep = "{\"a\":".repeat(100_000);
    return Stream.of(
        Arguments.of(envelope("x".getBytes(StandardCharsets.UTF_8)), "read statement"),
        Arguments.of(envelope(huge), "read statement"),
        Arguments.of(envelope(deep.getBytes(StandardCharsets.UTF_8)), "read statement"),
        Arguments.of(
            envelope(("[" + "[],".repeat(900_000) + "[]]").getBytes(StandardCharsets.UTF_8)),
            "read statement"),
        Arguments.of(
            envelope(
                ("{\"predicate\":[" + "[],".repeat(700_000) + "[]]}")
                    .getBytes(StandardCharsets.UTF_8)),
            "read statement"),
        Arguments.of(deep.getBytes(StandardCharsets.UTF_8), "read bundle"),
        Arguments.of(
            ("{\"mediaType\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(StandardCharsets.UTF_8),
            "read bundle"),
        Arguments.of(
            ("{" + "\"a\":1,".repeat(500_000) + "\"b\":1}").getBytes(StandardCharsets.UTF_8),
            "read bundle"));
  }

  private static byte[] envelope(byte[] payload) {
    return new Keyless().bundle().key(KEY).unlogged().statement(payload);
  }

  @ParameterizedTest
  @MethodSource("envelopes")
  void nestedAndHugeContentIsRefused(byte[] bundle, String reason) throws Exception {
    try (Scene scene = Scene.open()) {
      scene.refer(Referrer.bundle(scene.image, bundle));
      String verdict = scene.examine(Scene.keys(KEY)).verdict();
      assertContains(reason, verdict);
      assertTrue(verdict.length() < 1000, "long text is not repeated");
    }
  }

  /// Certificates that issued each other lead to as many paths as they can be ordered.
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 40})
  void certificatesThatIssuedEachOtherTakeNoTime(int count) throws Exception {
    TestAuthority nobody = TestAuthority.fulcio();
    SigningKey key = SigningKey.make(SigningKey.Kind.RSA_3072);
    List<X509Certificate> chain = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      X500Name one = new X500Name("CN=" + number % 2);
      X500Name other = new X500Name("CN=" + (number + 1) % 2);
      chain.add(TestAuthority.ca(one, key, other, key, null));
    }
    Keyless keyless = new Keyless();
    X509Certificate leaf = nobody.leaf(keyless.key).issuedBy(key, chain.getFirst()).logs().issue();
    try (Scene scene = Scene.open()) {
      byte[] payload = CosignLayer.payload(scene.digest(), Scene.NAME);
      scene.attach(
          keyless
              .attachment(payload, leaf, TestLog.TAKEN)
              .with(CosignLayer.CHAIN, TestAuthority.pem(chain.toArray(X509Certificate[]::new))));
      assertContains(
          count > 5 ? "more than 5 intermediate certificates" : "no path from the certificate",
          scene.examine(keyless.fulcioRequirement()).verdict());
    }
  }

  static Stream<Arguments> annotations() {
    byte[] certificate = TestAuthority.pem(new Keyless().certificate);
    String many = new String(certificate, StandardCharsets.US_ASCII).repeat(200);
    return Stream.of(
        Arguments.of(CosignLayer.CERTIFICATE, many, "found 200"),
        Arguments.of(CosignLayer.CHAIN, many, "found 200"),
        Arguments.of(CosignLayer.CERTIFICATE, "\n".repeat(1_000_000), "without a certificate"),
        Arguments.of(CosignLayer.CERTIFICATE, "A".repeat(1_000_000), "is not PEM"),
        Arguments.of(
            CosignLayer.CERTIFICATE,
            new String(SigningKey.pem("CERTIFICATE", new byte[500_000]), StandardCharsets.US_ASCII),
            "not DER"),
        Arguments.of(CosignLayer.SIGNATURE, Base64Text.encode(new byte[1_000_000]), "did not make"),
        Arguments.of(CosignLayer.BUNDLE, "[".repeat(1_000_000), "read bundle"),
        Arguments.of(CosignLayer.TIME_STAMP, "[".repeat(1_000_000), "read time stamp"));
  }

  @ParameterizedTest
  @MethodSource("annotations")
  void hugeAnnotationsAreRefused(String name, String value, String reason) throws Exception {
    Keyless keyless = new Keyless();
    try (Scene scene = Scene.open()) {
      byte[] payload = CosignLayer.payload(scene.digest(), Scene.NAME);
      scene.attach(keyless.attachment(payload).with(name, value));
      String verdict = scene.examine(keyless.fulcioRequirement()).verdict();
      assertContains(reason, verdict);
      assertTrue(verdict.length() < 1000, "long text is not repeated");
    }
  }

  /// What is found is told, but neither at length nor as it is.
  @Test
  void reasonsAreOneShortLine() throws Exception {
    Keyless keyless = new Keyless();
    try (Scene scene = Scene.open()) {
      byte[] strange = Keyless.statement("x\n\u001b[31m" + "y".repeat(5000), scene.digest());
      scene.refer(Referrer.bundle(scene.image, keyless.bundle().statement(strange)));
      String verdict = scene.examine(keyless.rootRequirement()).verdict();
      assertContains("an attestation of the type 'x\\x0a\\x1b[31myyy", verdict);
      assertEquals(601, verdict.length());
    }
  }

  /// A broken layer keeps none from being seen, whatever is broken about it.
  @Test
  void aGoodSignatureCountsAmongBrokenOnes() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer good = CosignLayer.signed(KEY, scene.digest(), Scene.NAME);
      List<BuiltBlob> layers =
          List.of(
              good.with(CosignLayer.CERTIFICATE, "x").blob(),
              good.with(CosignLayer.BUNDLE, "x").blob(),
              good.with(CosignLayer.TIME_STAMP, "x").blob(),
              good.blob().digest("sha256:short"),
              good.blob().size(-5),
              good.blob().mediaType(""),
              good.blob());
      scene.attach(scene.digest(), ".sig", CosignLayer.manifest(layers));
      List<Signature> signatures = scene.examine(Scene.keys(KEY)).signatures();
      assertEquals(7, signatures.size());
      assertTrue(signatures.getLast() instanceof Signature.Proven);
      assertEquals(1, signatures.stream().filter(Signature.Proven.class::isInstance).count());
    }
  }
}
