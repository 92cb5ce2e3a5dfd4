package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.sigstore.Keyless.BundleText;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bundles, as referrers of an image.
class BundlesTest {

  private static final Keyless KEYLESS = new Keyless();
  private static final BuiltImage IMAGE = Scene.image("hello");
  private static final byte[] STATEMENT = Keyless.statement(Statement.COSIGN_SIGN, IMAGE.digest());
  private static final String PROVEN =
      "proven %s null %s".formatted(Keyless.SIGNER, IMAGE.digest());

  private static String verdict(SigstoreSigned requirement, byte[] bundle) throws Exception {
    try (Scene scene = Scene.open()) {
      scene.refer(Referrer.bundle(IMAGE, bundle));
      return scene.examine(requirement).verdict();
    }
  }

  private static String verdict(byte[] bundle) throws Exception {
    return verdict(KEYLESS.rootRequirement(), bundle);
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.dev.sigstore.bundle+json;version=0.1, x509CertificateChain, true, false",
    "application/vnd.dev.sigstore.bundle+json;version=0.1, x509CertificateChain, true, true",
    "application/vnd.dev.sigstore.bundle+json;version=0.2, x509CertificateChain, true, true",
    "application/vnd.dev.sigstore.bundle+json;version=0.3, certificate, true, true",
    "application/vnd.dev.sigstore.bundle.v0.3+json, certificate, true, true"
  })
  void ofAllVersionsCount(String type, String holder, boolean promise, boolean proof)
      throws Exception {
    BundleText text = KEYLESS.bundle().type(type).holder(holder).entry(promise, proof);
    assertEquals(PROVEN, verdict(text.message(IMAGE.document().bytes())));
    assertEquals(PROVEN, verdict(text.statement(STATEMENT)));
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.dev.sigstore.bundle+json;version=0.2, x509CertificateChain",
    "application/vnd.dev.sigstore.bundle+json;version=0.3, certificate",
    "application/vnd.dev.sigstore.bundle.v0.3+json, certificate"
  })
  void ofLaterVersionsHaveToProveInclusion(String type, String holder) throws Exception {
    BundleText text = KEYLESS.bundle().type(type).holder(holder).entry(true, false);
    assertEquals(
        "a log entry without an inclusion proof, which its bundle demands",
        verdict(text.statement(STATEMENT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashedrekord 0.0.1", "hashedrekord 0.0.2"})
  void countWithEveryKindOfEntryForBytes(String kind) throws Exception {
    assertEquals(PROVEN, verdict(KEYLESS.bundle().kind(kind).message(IMAGE.document().bytes())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hashedrekord 0.0.1",
        "hashedrekord 0.0.2",
        "dsse 0.0.1",
        "dsse 0.0.2",
        "intoto 0.0.2"
      })
  void countWithEveryKindOfEntryForStatements(String kind) throws Exception {
    assertEquals(PROVEN, verdict(KEYLESS.bundle().kind(kind).statement(STATEMENT)));
  }

  /// The way of Rekor's second version: no promise, so no time either.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void countWithATimeStampInsteadOfAPromise(boolean certificates) throws Exception {
    BundleText text =
        KEYLESS
            .bundle()
            .entry(false, true)
            .kind("hashedrekord 0.0.2")
            .stamped(KEYLESS.clock, TestLog.TAKEN, certificates);
    assertEquals(PROVEN, verdict(text.message(IMAGE.document().bytes())));
  }

  static Stream<Arguments> stamps() {
    TestClock clock = KEYLESS.clock;
    Instant taken = TestLog.TAKEN;
    Instant late = TestAuthority.ISSUED.plus(TestAuthority.LIFE).plusSeconds(1);
    return Stream.of(
        Arguments.of(KEYLESS.bundle(), "a certificate without a verified time of its use"),
        Arguments.of(
            KEYLESS.bundle().stamped(clock, late, true), "the certificate of 'CN=leaf' is valid"),
        Arguments.of(
            KEYLESS.bundle().stamped(clock, Instant.parse("2025-12-31T00:00:00Z"), true),
            "the certificate of 'CN=leaf' is valid from 2026-01-01T00:00:00Z"),
        Arguments.of(
            KEYLESS.bundle().stamped(new TestClock(), taken, true), "no path from the certificate"),
        Arguments.of(
            KEYLESS.bundle().stamped(new TestClock(), taken, false),
            "the time stamp's signer is unknown to the authority https://clock.test"));
  }

  @ParameterizedTest
  @MethodSource("stamps")
  void needATimeThatSomebodyVouchesFor(BundleText text, String reason) throws Exception {
    assertContains(reason, verdict(text.entry(false, true).statement(STATEMENT)));
  }

  /// Where a log promised and a clock stamped, the certificate has to hold at both times.
  @Test
  void allTimesHaveToBeGood() throws Exception {
    Instant late = TestAuthority.ISSUED.plus(TestAuthority.LIFE).plusSeconds(1);
    assertContains(
        "the certificate of 'CN=leaf' is valid",
        verdict(KEYLESS.bundle().stamped(KEYLESS.clock, late, true).statement(STATEMENT)));
    assertContains(
        "the certificate of 'CN=leaf' is valid",
        verdict(
            KEYLESS
                .bundle()
                .taken(late)
                .stamped(KEYLESS.clock, TestLog.TAKEN, true)
                .statement(STATEMENT)));
  }

  @ParameterizedTest
  @EnumSource(
      value = SigningKey.Kind.class,
      mode = Mode.EXCLUDE,
      names = {"P256_SHA512", "RSA_1024", "RSA_SHA1", "ED448"})
  void ofKeysCount(SigningKey.Kind kind) throws Exception {
    SigningKey key = SigningKey.make(kind);
    String proven =
        "proven %s null %s".formatted(VerifyingKey.of(key.der(), "key"), IMAGE.digest());
    BundleText text = KEYLESS.bundle().key(key).unlogged();
    assertEquals(proven, verdict(Scene.keys(key), text.statement(STATEMENT)));
    assertEquals(proven, verdict(Scene.keys(key), text.message(IMAGE.document().bytes())));
    assertContains(
        "no key of the policy made this signature",
        verdict(Scene.keys(KEYLESS.key), text.statement(STATEMENT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashedrekord 0.0.1", "hashedrekord 0.0.2", "dsse 0.0.1", "dsse 0.0.2"})
  void ofKeysMayHaveToBeInALog(String kind) throws Exception {
    SigningKey key = SigningKey.make();
    SigstoreSigned keyed = Scene.keys(key);
    SigstoreSigned logged =
        new SigstoreSigned(
            keyed.anchor(), List.of(Scene.given("rekor", KEYLESS.log.key.pem())), null, null);
    BundleText text = KEYLESS.bundle().key(key).kind(kind);
    assertContains("proven key", verdict(logged, text.statement(STATEMENT)));
    assertEquals(
        "a signature without a log entry, which the policy demands",
        verdict(logged, text.unlogged().statement(STATEMENT)));
  }

  @Test
  void withCertificatesAreNothingToAKeyOfAnother() throws Exception {
    assertContains(
        "no key of the policy made this signature",
        verdict(Scene.keys(SigningKey.make()), KEYLESS.bundle().statement(STATEMENT)));
    assertEquals(
        "a signature without a certificate",
        verdict(KEYLESS.bundle().key(KEYLESS.key).statement(STATEMENT)));
  }

  private static final String ENTRY = "verificationMaterial/tlogEntries/0/";
  private static final String PROOF = ENTRY + "inclusionProof/";

  static Stream<Arguments> changes() {
    return Stream.of(
        set("mediaType", "application/vnd.dev.sigstore.bundle+json;version=9.9", "unknown type"),
        set("mediaType", null, "read bundle"),
        set("verificationMaterial", null, "read bundle"),
        set("dsseEnvelope", null, "does not have exactly one of messageSignature, dsseEnvelope"),
        set("messageSignature", Map.of(), "does not have exactly one of messageSignature"),
        set("verificationMaterial/publicKey", Map.of(), "does not have exactly one of certificate"),
        set("verificationMaterial/certificate", null, "does not have exactly one of certificate"),
        set("verificationMaterial/certificate/rawBytes", "AAAA", "not DER"),
        set("verificationMaterial/certificate/rawBytes", "*", "the certificate is not base64"),
        set(
            "verificationMaterial/certificate/rawBytes",
            Base64Text.encode(TestAuthority.der(KEYLESS.fulcio.root)),
            "a bundle that brings its own root certificate"),
        set("dsseEnvelope/payloadType", "text/plain", "an envelope of the type 'text/plain'"),
        set("dsseEnvelope/signatures", List.of(), "an envelope with 0 signatures, expected one"),
        set(
            "dsseEnvelope/signatures",
            List.of(Map.of("sig", ""), Map.of("sig", "")),
            "an envelope with 2 signatures, expected one"),
        set("verificationMaterial/tlogEntries", List.of(), "a signature without a log entry"),
        set(
            "verificationMaterial/tlogEntries",
            Collections.nCopies(
                9, Map.of("logId", Map.of("keyId", "AAAA"), "canonicalizedBody", "AAAA")),
            "more than 8 log entries"),
        flip("dsseEnvelope/payload", "did not make this signature"),
        flip("dsseEnvelope/signatures/0/sig", "did not make this signature"),
        flip(ENTRY + "canonicalizedBody", "log entry"),
        set(ENTRY + "canonicalizedBody", "e30=", "read log entry"),
        flip(ENTRY + "inclusionPromise/signedEntryTimestamp", "promise (SET) is by no log"),
        set(ENTRY + "logIndex", "4712", "promise (SET) is by no log"),
        set(ENTRY + "logIndex", "-1", "the bundle's logIndex is no number"),
        set(ENTRY + "logIndex", 4711, "proven"),
        set(ENTRY + "integratedTime", "1", "promise (SET) is by no log"),
        flip(ENTRY + "logId/keyId", "promise (SET) is by no log"),
        set(ENTRY + "inclusionPromise", null, "a certificate without a verified time"),
        set(ENTRY + "inclusionProof", null, "without an inclusion proof"),
        flip(PROOF + "rootHash", "the inclusion proof does not lead to its root hash"),
        flip(PROOF + "hashes/0", "the inclusion proof does not lead to its root hash"),
        flip(PROOF + "hashes/3", "the inclusion proof does not lead to its root hash"),
        set(PROOF + "hashes/0", "AAAA", "an inclusion proof with hashes that are none"),
        set(PROOF + "hashes/0", null, "an inclusion proof that is too short"),
        set(PROOF + "hashes", List.of(), "an inclusion proof that is too short"),
        set(PROOF + "hashes", Collections.nCopies(65, ""), "of more than 64 hashes"),
        set(PROOF + "logIndex", "5", "the inclusion proof does not lead to its root hash"),
        set(PROOF + "logIndex", "11", "no entry 11 in a log of 11 entries"),
        set(PROOF + "treeSize", "12", "the checkpoint is about 11 entries"),
        set(PROOF + "treeSize", "0", "no entry 6 in a log of 0 entries"),
        set(PROOF + "treeSize", "99999999999999999999", "is no number"),
        set(PROOF + "checkpoint", null, "read bundle"),
        set(PROOF + "checkpoint/envelope", "", "a checkpoint that is no signed note"),
        checkpoint("11\n", "12\n", "the checkpoint is about 12 entries"),
        checkpoint("11\n", "011\n", "a checkpoint whose size is no number"),
        checkpoint("log.test - 4711", "log.test - 4712", "signed by no log that the policy trusts"),
        checkpoint("\u2014 log.test ", "- log.test ", "a line that is no signature"),
        checkpoint("\u2014 log.test ", "\u2014 log.test A", "is not base64"),
        checkpoint("\n\n", "\nmore\n\n", "signed by no log that the policy trusts"));
  }

  private static Arguments set(String path, @Nullable Object value, String reason) {
    UnaryOperator<byte[]> change = json -> Edit.set(json, path, value);
    return Arguments.of(path + " = " + value, reason, change);
  }

  /// One bit of what base64 stands for.
  private static Arguments flip(String path, String reason) {
    UnaryOperator<byte[]> change =
        json -> {
          byte[] bytes = java.util.Base64.getDecoder().decode(Edit.text(json, path));
          byte[] changed = KeyedSignaturesTest.flipped(bytes, bytes.length / 2);
          return Edit.set(json, path, Base64Text.encode(changed));
        };
    return Arguments.of(path + " flipped", reason, change);
  }

  private static Arguments checkpoint(String part, String other, String reason) {
    String path = PROOF + "checkpoint/envelope";
    UnaryOperator<byte[]> change =
        json -> Edit.set(json, path, Edit.text(json, path).replace(part, other));
    return Arguments.of("checkpoint with " + other.strip(), reason, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void whatIsChangedIsRefused(String name, String reason, UnaryOperator<byte[]> change)
      throws Exception {
    assertContains(reason, verdict(change.apply(KEYLESS.bundle().statement(STATEMENT))));
  }

  static Stream<Arguments> messageChanges() {
    String digest = "messageSignature/messageDigest";
    return Stream.of(
        set(digest, null, "proven"),
        set(digest + "/algorithm", "MD5", "a bundle with the digest MD5"),
        set(digest + "/digest", "AAAA", "the bundle is about something else than this manifest"),
        flip("messageSignature/signature", "did not make this signature"),
        set("messageSignature/signature", null, "read bundle"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("messageChanges")
  void whatIsChangedInAMessageIsRefused(String name, String reason, UnaryOperator<byte[]> change)
      throws Exception {
    assertContains(
        reason, verdict(change.apply(KEYLESS.bundle().message(IMAGE.document().bytes()))));
  }

  static Stream<Arguments> statements() {
    String sign = Statement.COSIGN_SIGN;
    BuiltImage other = Scene.image("other");
    byte[] sound = STATEMENT;
    return Stream.of(
        Arguments.of(
            Keyless.statement("https://in-toto.io/Statement/v0.1", sign, IMAGE.digest()), "proven"),
        Arguments.of(
            Keyless.statement("https://in-toto.io/Statement/v2", sign, IMAGE.digest()),
            "a statement of the unknown type"),
        Arguments.of(
            Keyless.statement("https://slsa.dev/provenance/v1", IMAGE.digest()),
            "an attestation of the type 'https://slsa.dev/provenance/v1', expected '" + sign),
        Arguments.of(
            Keyless.statement(sign, other.digest()), "an attestation about something else than"),
        Arguments.of(Edit.set(sound, "subject", List.of()), "about something else than"),
        Arguments.of(Edit.set(sound, "subject", null), "about something else than"),
        Arguments.of(Edit.set(sound, "predicateType", null), "read statement"),
        Arguments.of(
            Edit.set(
                sound,
                "subject",
                List.of(Map.of("digest", Map.of("sha512", IMAGE.digest().hex())))),
            "about something else than"),
        Arguments.of(
            Edit.set(
                sound,
                "subject",
                Collections.nCopies(1025, Map.of("digest", Map.of("sha256", "00")))),
            "a statement about more than 1024 subjects"),
        Arguments.of("[]".getBytes(StandardCharsets.UTF_8), "read statement"),
        Arguments.of(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "read statement"));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void statementsHaveToBeAboutTheImage(byte[] statement, String verdict) throws Exception {
    assertContains(verdict, verdict(KEYLESS.bundle().statement(statement)));
  }

  @Test
  void hintsMustNotDisagree() throws Exception {
    byte[] bundle = KEYLESS.bundle().key(KEYLESS.key).unlogged().statement(STATEMENT);
    String path = "dsseEnvelope/signatures/0/keyid";
    assertContains("proven", verdict(Scene.keys(KEYLESS.key), Edit.set(bundle, path, "a key")));
    assertEquals(
        "the bundle hints at the key 'a key', its envelope at 'another'",
        verdict(Scene.keys(KEYLESS.key), Edit.set(bundle, path, "another")));
  }

  @Test
  void areFoundByTheTagWhereTheRegistryListsNone() throws Exception {
    try (Scene scene = Scene.open(InProcessRegistry.builder())) {
      BuiltImage good = Referrer.bundle(IMAGE, KEYLESS.bundle().statement(STATEMENT));
      BuiltImage broken = Referrer.bundle(IMAGE, new byte[] {'{'});
      scene.attach(scene.digest(), "", Referrer.fallback(broken, good));
      List<String> verdicts = scene.examine(KEYLESS.rootRequirement()).verdicts();
      assertEquals(2, verdicts.size());
      assertContains("read bundle: not sound JSON", verdicts.getFirst());
      assertEquals(PROVEN, verdicts.getLast());
    }
  }

  @Test
  void layersOfCosignMayBeReferrersToo() throws Exception {
    try (Scene scene = Scene.open()) {
      CosignLayer layer = KEYLESS.attachment(CosignLayer.payload(scene.digest(), Scene.NAME));
      scene.refer(Referrer.attachments(IMAGE, "sig", layer));
      scene.refer(Referrer.attachments(IMAGE, "att", layer));
      Scene.Examined examined = scene.examine(KEYLESS.rootRequirement());
      assertContains("proven " + Keyless.SIGNER, examined.verdict());
      assertContains("referrer sha256:", examined.signatures().getFirst().place());
    }
  }

  /// Of other kinds an image may have many.
  @Test
  void referrersOfOtherKindsAreNotFetched() throws Exception {
    try (Scene scene = Scene.open()) {
      BuiltImage sbom = Referrer.of(IMAGE, "application/spdx+json", List.of(), Map.of());
      BuiltImage attestation =
          Referrer.bundle(
              IMAGE,
              KEYLESS.bundle().statement(STATEMENT),
              Map.of("dev.sigstore.bundle.predicateType", "https://slsa.dev/provenance/v1"));
      scene.refer(sbom).refer(attestation);
      assertEquals(List.of(), scene.examine(KEYLESS.rootRequirement()).signatures());
      assertTrue(
          scene.registry.requests().stream()
              .noneMatch(request ->
                  request.target().contains(sbom.digest().toString())
                      || request.target().contains(attestation.digest().toString())));
    }
  }

  @Test
  void aReferrerThatIsNotWhatTheListingSaysIsNoSignature() throws Exception {
    try (Scene scene = Scene.open()) {
      BuiltImage good = Referrer.bundle(IMAGE, KEYLESS.bundle().statement(STATEMENT));
      byte[] bytes = good.document().bytes();
      scene.refer(good.document(good.document().bytes(KeyedSignaturesTest.flipped(bytes, 3))));
      scene.refer(Referrer.bundle(IMAGE, KEYLESS.bundle().message(IMAGE.document().bytes())));
      List<String> verdicts =
          scene.examine(KEYLESS.rootRequirement()).verdicts().stream().sorted().toList();
      assertEquals(PROVEN, verdicts.getFirst());
    }
  }
}
