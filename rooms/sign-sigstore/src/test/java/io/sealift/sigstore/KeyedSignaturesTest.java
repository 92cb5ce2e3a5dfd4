package io.sealift.sigstore;

import static io.sealift.sigstore.CosignLayer.SIGNATURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.TransferException;
import io.sealift.oci.MediaType;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.Signature;
import io.sealift.policy.TrustAnchor;
import io.sealift.sigstore.SigningKey.Kind;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures by keys, attached under a tag.
class KeyedSignaturesTest {

  private static final SigningKey KEY = SigningKey.make();
  private static final SigningKey OTHER = SigningKey.make();

  private static String proven(SigningKey key, Scene scene) throws Exception {
    return "proven %s %s %s"
        .formatted(VerifyingKey.of(key.der(), "key"), Scene.NAME, scene.digest());
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"P256_SHA512", "RSA_1024", "RSA_SHA1", "ED448"})
  void countByKeysOfManyKinds(Kind kind) throws Exception {
    SigningKey key = SigningKey.make(kind);
    try (Scene scene = Scene.open()) {
      scene.attach(CosignLayer.signed(key, scene.digest(), Scene.NAME));
      Scene.Examined examined = scene.examine(Scene.keys(key));
      assertEquals(proven(key, scene), examined.verdict());
      assertEquals(
          List.of("tag " + Scene.tag(scene.digest(), ".sig"), "referrers of " + scene.digest()),
          examined.places());
      assertEquals(examined.places().getFirst(), examined.signatures().getFirst().place());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P256_SHA512", "RSA_SHA1"})
  void doNotCountWithDigestsThatTheKeyIsNotFor(Kind kind) throws Exception {
    SigningKey key = SigningKey.make(kind);
    try (Scene scene = Scene.open()) {
      scene.attach(CosignLayer.signed(key, scene.digest(), Scene.NAME));
      assertEquals(
          "no key of the policy made this signature (1 tried)",
          scene.examine(Scene.keys(key)).verdict());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_1024, 'read key: an RSA key of 1024 bits, expected 2048 to 8192'",
    "ED448, 'read key: the key: expected a key of ECDSA, RSA or Ed25519, found algorithm"
        + " 1.3.101.113'"
  })
  void keysOfOtherKindsMakeThePolicyUnusable(Kind kind, String reason) throws Exception {
    SigningKey key = SigningKey.make(kind);
    try (Scene scene = Scene.open()) {
      PolicyRefusedException refused =
          assertThrows(PolicyRefusedException.class, () -> scene.examine(Scene.keys(KEY, key)));
      assertEquals(reason, refused.getMessage());
    }
  }

  @Test
  void oneOfSeveralKeysSuffices() throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(CosignLayer.signed(KEY, scene.digest(), Scene.NAME));
      assertEquals(proven(KEY, scene), scene.examine(Scene.keys(OTHER, KEY)).verdict());
      assertEquals(
          "no key of the policy made this signature (2 tried)",
          scene.examine(Scene.keys(OTHER, SigningKey.make())).verdict());
    }
  }

  @Test
  void severalKeysMayBeInOneFile() throws Exception {
    byte[] both =
        (new String(OTHER.pem(), StandardCharsets.US_ASCII)
                + "\n"
                + new String(KEY.pem(), StandardCharsets.US_ASCII))
            .getBytes(StandardCharsets.US_ASCII);
    try (Scene scene = Scene.open()) {
      scene.attach(CosignLayer.signed(KEY, scene.digest(), Scene.NAME));
      TrustAnchor ring = new TrustAnchor.PublicKeys(List.of(Scene.given("ring", both)));
      assertEquals(
          proven(KEY, scene),
          scene.examine(new SigstoreSigned(ring, List.of(), null, null)).verdict());
    }
  }

  @Test
  void foreignSignaturesDoNoHarm() throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(
          CosignLayer.signed(OTHER, scene.digest(), Scene.NAME),
          CosignLayer.signed(OTHER, scene.digest(), "registry.example/other"),
          CosignLayer.signed(KEY, scene.digest(), Scene.NAME).mediaType("application/x-else"),
          CosignLayer.signed(KEY, scene.digest(), Scene.NAME).without(SIGNATURE),
          CosignLayer.signed(KEY, scene.digest(), Scene.NAME));
      Scene.Examined examined = scene.examine(Scene.keys(KEY));
      assertEquals(
          List.of(
              "no key of the policy made this signature (1 tried)",
              "no key of the policy made this signature (1 tried)",
              "a layer of the type application/x-else, which is no signature",
              "a layer without the annotation dev.cosignproject.cosign/signature",
              proven(KEY, scene)),
          examined.verdicts());
      assertEquals(
          "tag %s, layer 5".formatted(Scene.tag(scene.digest(), ".sig")),
          examined.signatures().getLast().place());
    }
  }

  @Test
  void noMoreAreExaminedThanAreWanted() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer layer = CosignLayer.signed(KEY, scene.digest(), Scene.NAME);
      scene.attach(layer, layer, layer).enough(2);
      Scene.Examined examined = scene.examine(Scene.keys(KEY));
      assertEquals(2, examined.signatures().size());
      assertEquals(1, examined.places().size(), "referrers need not be asked for");
    }
  }

  /// What the signed bytes claim is for the policy to compare.
  @Test
  void claimsAreTold() throws Exception {
    try (Scene scene = Scene.open()) {
      BuiltImage other = Scene.image("other");
      scene.attach(CosignLayer.signed(KEY, other.digest(), "elsewhere.example/x:v9"));
      Signature.Proven proven =
          (Signature.Proven) scene.examine(Scene.keys(KEY)).signatures().getFirst();
      assertEquals(new Signature.Claim(other.digest(), "elsewhere.example/x:v9"), proven.claim());
    }
  }

  @Test
  void theTextOfASignatureMayEndALine() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer layer = CosignLayer.signed(KEY, scene.digest(), Scene.NAME);
      scene.attach(layer.with(SIGNATURE, Base64Text.encode(layer.signature()) + "\n"));
      assertEquals(proven(KEY, scene), scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change(
            "payload",
            "no key of the policy made this signature",
            layer -> layer.content(flipped(layer.content(), 20))),
        change(
            "payload with more after it",
            "no key of the policy made this signature",
            layer -> layer.content(joined(layer.content(), new byte[] {' '}))),
        change(
            "signature",
            "no key of the policy made this signature",
            layer -> layer.with(SIGNATURE, Base64Text.encode(flipped(layer.signature(), 30)))),
        change(
            "signature with more after it",
            "no key of the policy made this signature",
            layer ->
                layer.with(SIGNATURE, Base64Text.encode(joined(layer.signature(), new byte[1])))),
        change("empty signature", "no key of the policy", layer -> layer.with(SIGNATURE, "")),
        change("no base64", "the signature is not base64", layer -> layer.with(SIGNATURE, "%%%%")),
        change("cut base64", "the signature is not base64", layer -> layer.with(SIGNATURE, "TUU")),
        change(
            "no annotation",
            "a layer without the annotation " + SIGNATURE,
            layer -> layer.without(SIGNATURE)),
        change(
            "annotation of another name",
            "a layer without the annotation " + SIGNATURE,
            layer ->
                layer
                    .without(SIGNATURE)
                    .with("dev.sigstore.cosign/signature", Base64Text.encode(layer.signature()))),
        change(
            "type of a layer",
            "a layer of the type application/vnd.oci.image.layer.v1.tar, which is no signature",
            layer -> layer.mediaType("application/vnd.oci.image.layer.v1.tar")),
        change(
            "attestation's type",
            "a layer of the type application/vnd.dsse.envelope.v1+json, which is no signature",
            layer -> layer.mediaType(Attachment.ATTESTATION_TYPE)),
        change(
            "another's signature",
            "no key of the policy",
            layer -> CosignLayer.signed(OTHER, layer.content())));
  }

  private static Arguments change(String name, String reason, UnaryOperator<CosignLayer> change) {
    return Arguments.of(name, reason, change);
  }

  static byte[] flipped(byte[] bytes, int index) {
    byte[] changed = bytes.clone();
    changed[index] ^= 1;
    return changed;
  }

  static byte[] joined(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void whatIsChangedIsRefused(String name, String reason, UnaryOperator<CosignLayer> change)
      throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(change.apply(CosignLayer.signed(KEY, scene.digest(), Scene.NAME)));
      assertContains(reason, scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  /// Signed payloads that are none.
  static Stream<Arguments> payloads() {
    String type = "cosign container image signature";
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    String sound = new String(CosignLayer.payload(type, digest, "r/n"), StandardCharsets.UTF_8);
    return Stream.of(
        Arguments.of("", "nothing there"),
        Arguments.of("[]", "expected a JSON object"),
        Arguments.of(sound + "x", "signed payload"),
        Arguments.of(sound.replace(type, "atomic container signature"), "type: expected 'cosign"),
        Arguments.of(sound.replace("\"optional\":null", "\"optional\":[]"), "optional"),
        Arguments.of(sound.replace(",\"optional\":null", ""), "expected the members"),
        Arguments.of(sound.replace("\"optional\"", "\"critical\""), "critical"),
        Arguments.of(sound.replace("docker-manifest", "Docker-manifest"), "expected the members"),
        Arguments.of(sound.replace("sha256:0", "sha256:A"), "read digest"),
        Arguments.of(sound.replace("sha256:0", "md5:0"), "read digest"),
        Arguments.of("{\"critical\":" + "[".repeat(100_000), "signed payload"));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void payloadsThatAreNotWhatTheyShouldBeClaimNothing(String json, String reason) throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(CosignLayer.signed(KEY, json.getBytes(StandardCharsets.UTF_8)));
      assertContains(reason, scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  /// Attached manifests that are none, or not of the kind.
  static Stream<Arguments> manifests() {
    CosignLayer layer = CosignLayer.signed(KEY, Scene.image("hello").digest(), Scene.NAME);
    BuiltImage sound = CosignLayer.manifest(layer);
    BuiltBlob document = sound.document();
    return Stream.of(
        Arguments.of(
            BuiltImage.ofDocument(MediaType.OCI_MANIFEST, "{".getBytes(StandardCharsets.UTF_8)),
            "read manifest: not sound JSON"),
        Arguments.of(ImageBuilder.index(Map.of()), "expected application/vnd.oci.image.manifest"),
        Arguments.of(
            new ImageBuilder(ImageBuilder.Form.DOCKER).layer(layer.blob()).build(),
            "expected application/vnd.oci.image.manifest.v1+json"),
        Arguments.of(
            sound.document(document.bytes(flipped(document.bytes(), 300))),
            "manifest of " + Scene.tag(Scene.image("hello").digest(), ".sig")),
        Arguments.of(
            CosignLayer.manifest(List.of(layer.blob().bytes(flipped(layer.content(), 3)))),
            "verify signature: expected sha256:"),
        Arguments.of(
            CosignLayer.manifest(List.of(layer.blob().digest("sha256:00"))), "/layers/0/digest"),
        Arguments.of(
            CosignLayer.manifest(List.of(layer.blob().digest("md4:00"))), "/layers/0/digest"),
        Arguments.of(CosignLayer.manifest(List.of(layer.blob().size(7))), "signature sha256:"),
        Arguments.of(CosignLayer.manifest(List.of(layer.blob().size(-1))), "size"));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void manifestsThatAreBrokenHoldNoSignature(BuiltImage manifest, String reason) throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(scene.digest(), ".sig", manifest);
      assertContains(reason, scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  @Test
  void aLayerThatIsMissingIsNoSignature() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer lost = CosignLayer.signed(KEY, scene.digest(), "registry.example/lost");
      scene.attach(lost, CosignLayer.signed(KEY, scene.digest(), Scene.NAME));
      scene.registry.remove(lost.blob().digest());
      List<String> verdicts = scene.examine(Scene.keys(KEY)).verdicts();
      assertContains("BLOB_UNKNOWN", verdicts.getFirst());
      assertEquals(proven(KEY, scene), verdicts.getLast());
    }
  }

  @Test
  void withoutSignaturesThereIsNoVerdict() throws Exception {
    try (Scene scene = Scene.open()) {
      assertEquals(List.of(), scene.examine(Scene.keys(KEY)).signatures());
      scene.attach();
      assertEquals(List.of(), scene.examine(Scene.keys(KEY)).signatures());
    }
  }

  /// What cannot be asked could hold the reason to refuse as well as to admit.
  @ParameterizedTest
  @ValueSource(strings = {".sig", "/referrers/", "/blobs/"})
  void aRegistryThatFailsIsNoRegistryWithoutSignatures(String part) throws Exception {
    try (Scene scene = Scene.open(InProcessRegistry.builder().referrers(10))) {
      CosignLayer layer = CosignLayer.signed(KEY, scene.digest(), Scene.NAME);
      scene.attach(layer);
      String place = part.equals("/blobs/") ? part + layer.blob().digest() : part;
      scene.registry.plan(place, 1, Fault.error(503, "UNAVAILABLE", "later"));
      assertThrows(TransferException.class, () -> scene.examine(Scene.keys(KEY)));
      scene.registry.plan(place, 1, Fault.error(403, "DENIED", "no"));
      ImageException refused =
          assertThrows(ImageException.class, () -> scene.examine(Scene.keys(KEY)));
      assertEquals(AuthenticationException.class, refused.getClass());
    }
  }
}
