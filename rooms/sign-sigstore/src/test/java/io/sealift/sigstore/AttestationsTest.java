package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.testing.BuiltImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Attestations of a type that a policy demands.
class AttestationsTest {

  private static final String PROVENANCE = "https://slsa.dev/provenance/v1";
  private static final Keyless KEYLESS = new Keyless();
  private static final BuiltImage IMAGE = Scene.image("hello");
  private static final byte[] STATEMENT = Keyless.statement(PROVENANCE, IMAGE.digest());
  private static final String PROVEN =
      "proven %s null %s".formatted(Keyless.SIGNER, IMAGE.digest());

  private static final SigstoreSigned DEMANDED =
      Keyless.rootRequirement(KEYLESS.trustedRoot(), PROVENANCE);

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  private static CosignLayer unlogged(byte[] statement) {
    byte[] envelope =
        TestLog.json(Keyless.envelope(statement, KEYLESS.key.sign(Keyless.signedBytes(statement))));
    return new CosignLayer(
            Attachment.ATTESTATION_TYPE,
            envelope,
            Map.of(CosignLayer.SIGNATURE, "", "predicateType", PROVENANCE))
        .with(CosignLayer.CERTIFICATE, KEYLESS.pem());
  }

  private static CosignLayer attached(byte[] statement) {
    CosignLayer layer = unlogged(statement);
    return KEYLESS.logged(layer, TestLog.inToto(layer.content(), KEYLESS.pem()), TestLog.TAKEN);
  }

  private static String verdict(CosignLayer... layers) throws Exception {
    try (Scene scene = Scene.open()) {
      scene.attach(scene.digest(), ".att", CosignLayer.manifest(layers));
      return scene.examine(DEMANDED).verdicts().getLast();
    }
  }

  @Test
  void attachedByCosignCount() throws Exception {
    assertEquals(PROVEN, verdict(attached(STATEMENT)));
  }

  static Stream<byte[]> entries() {
    byte[] signature = signature();
    return Stream.of(
        TestLog.inToto(unlogged(STATEMENT).content(), KEYLESS.pem()),
        TestLog.inToto2(STATEMENT, signature, KEYLESS.pem()),
        TestLog.dsse(STATEMENT, signature, KEYLESS.pem()),
        TestLog.hashedRekord(Keyless.signedBytes(STATEMENT), signature, KEYLESS.pem()));
  }

  /// Of the layer that is signed here; ECDSA signatures differ from time to time.
  private static final CosignLayer LAYER = unlogged(STATEMENT);

  private static byte[] signature() {
    return java.util.Base64.getDecoder().decode(Edit.text(LAYER.content(), "signatures/0/sig"));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void mayBeInTheLogInMoreThanOneWay(byte[] body) throws Exception {
    byte[] own =
        Edit.text(body, "kind").equals("intoto") && Edit.text(body, "apiVersion").equals("0.0.1")
            ? TestLog.inToto(LAYER.content(), KEYLESS.pem())
            : body;
    assertEquals(PROVEN, verdict(KEYLESS.logged(LAYER, own, TestLog.TAKEN)));
  }

  static Stream<Arguments> entriesAboutSomethingElse() {
    byte[] signature = signature();
    byte[] other = "other".getBytes(StandardCharsets.UTF_8);
    byte[] again = KEYLESS.key.sign(Keyless.signedBytes(STATEMENT));
    byte[] foreign = SigningKey.make().pem();
    return Stream.of(
        Arguments.of(TestLog.inToto(other, KEYLESS.pem()), "another content"),
        Arguments.of(TestLog.inToto(LAYER.content(), foreign), "key is not PEM"),
        Arguments.of(TestLog.inToto2(other, signature, KEYLESS.pem()), "another content"),
        Arguments.of(TestLog.inToto2(STATEMENT, again, KEYLESS.pem()), "another signature"),
        Arguments.of(TestLog.inToto2(STATEMENT, signature, foreign), "key is not PEM"),
        Arguments.of(TestLog.dsse(other, signature, KEYLESS.pem()), "another content"),
        Arguments.of(TestLog.dsse(STATEMENT, again, KEYLESS.pem()), "another signature"),
        Arguments.of(TestLog.dsse(STATEMENT, signature, foreign), "key is not PEM"),
        Arguments.of(
            Edit.set(
                TestLog.dsse(STATEMENT, signature, KEYLESS.pem()), "spec/signatures", List.of()),
            "a log entry with 0 signatures"),
        Arguments.of(
            Edit.set(
                TestLog.dsse(STATEMENT, signature, KEYLESS.pem()),
                "spec/payloadHash/algorithm",
                "md5"),
            "a log entry with the digest algorithm 'md5'"),
        Arguments.of(
            Edit.set(
                TestLog.dsse(STATEMENT, signature, KEYLESS.pem()), "spec/payloadHash/value", "x"),
            "the log entry's digest is not hexadecimal"),
        Arguments.of(TestLog.hashedRekord(STATEMENT, signature, KEYLESS.pem()), "another content"));
  }

  @ParameterizedTest
  @MethodSource("entriesAboutSomethingElse")
  void entriesAboutSomethingElseProveNothing(byte[] body, String reason) throws Exception {
    assertContains(reason, verdict(KEYLESS.logged(LAYER, body, TestLog.TAKEN)));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("envelope that is none", "read envelope", layer -> layer.content(new byte[] {'{'})),
        change(
            "payload",
            "did not make this signature",
            layer ->
                layer.content(
                    Edit.set(
                        layer.content(),
                        "payload",
                        Base64Text.encode(Keyless.statement("else", IMAGE.digest()))))),
        change(
            "type of the payload",
            "an envelope of the type 'application/json'",
            layer -> layer.content(Edit.set(layer.content(), "payloadType", "application/json"))),
        change(
            "no signature",
            "an envelope with 0 signatures",
            layer -> layer.content(Edit.set(layer.content(), "signatures", List.of()))),
        change(
            "a signature of the image",
            "which is no attestation",
            layer -> KEYLESS.attachment(CosignLayer.payload(IMAGE.digest(), Scene.NAME))),
        change(
            "of another image",
            "an attestation about something else than " + IMAGE.digest(),
            layer -> attached(Keyless.statement(PROVENANCE, Scene.image("other").digest()))),
        change(
            "of another type",
            "an attestation of the type 'https://slsa.dev/provenance/v0.2'",
            layer ->
                attached(Keyless.statement("https://slsa.dev/provenance/v0.2", IMAGE.digest()))));
  }

  private static Arguments change(String name, String reason, UnaryOperator<CosignLayer> change) {
    return Arguments.of(name, reason, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void whatIsChangedIsRefused(String name, String reason, UnaryOperator<CosignLayer> change)
      throws Exception {
    assertContains(reason, verdict(change.apply(attached(STATEMENT))));
  }

  @Test
  void othersDoNoHarm() throws Exception {
    assertEquals(
        PROVEN,
        verdict(
            attached(Keyless.statement("https://spdx.dev/Document", IMAGE.digest())),
            attached(STATEMENT)));
  }

  @Test
  void bundlesCount() throws Exception {
    try (Scene scene = Scene.open()) {
      scene.refer(
          Referrer.bundle(
              IMAGE,
              KEYLESS.bundle().statement(STATEMENT),
              Map.of("dev.sigstore.bundle.predicateType", PROVENANCE)));
      Scene.Examined examined = scene.examine(DEMANDED);
      assertEquals(PROVEN, examined.verdict());
      assertEquals(
          List.of("tag " + Scene.tag(IMAGE.digest(), ".att"), "referrers of " + IMAGE.digest()),
          examined.places());
    }
  }

  /// Neither kind of promise can be had for the other.
  @Test
  void signaturesAndAttestationsAreTwoThings() throws Exception {
    try (Scene scene = Scene.open()) {
      scene.refer(Referrer.bundle(IMAGE, KEYLESS.bundle().message(IMAGE.document().bytes())));
      assertEquals(
          "a signature, where an attestation is demanded", scene.examine(DEMANDED).verdict());
    }
    try (Scene scene = Scene.open()) {
      scene.refer(Referrer.bundle(IMAGE, KEYLESS.bundle().statement(STATEMENT)));
      assertContains(
          "an attestation of the type '" + PROVENANCE,
          scene.examine(KEYLESS.rootRequirement()).verdict());
    }
  }
}
