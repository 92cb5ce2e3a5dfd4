package io.sealift.sigstore;

import static io.sealift.sigstore.CosignLayer.BUNDLE;
import static io.sealift.sigstore.CosignLayer.CERTIFICATE;
import static io.sealift.sigstore.CosignLayer.CHAIN;
import static io.sealift.sigstore.CosignLayer.SIGNATURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.sigstore.TestAuthority.Leaf;
import io.sealift.sigstore.crypto.Base64Text;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures with certificates and log entries, attached under a tag.
class KeylessSignaturesTest {

  private static final Keyless KEYLESS = new Keyless();

  private static String verdict(SigstoreSigned requirement, UnaryOperator<CosignLayer> change)
      throws Exception {
    try (Scene scene = Scene.open()) {
      byte[] payload = CosignLayer.payload(scene.digest(), Scene.NAME);
      scene.attach(change.apply(KEYLESS.attachment(payload)));
      return scene.examine(requirement).verdict();
    }
  }

  private static String proven() {
    return "proven %s %s %s".formatted(Keyless.SIGNER, Scene.NAME, Scene.image("hello").digest());
  }

  private static void assertRefused(String reason, String verdict) {
    assertTrue(verdict.contains(reason), verdict);
  }

  static Stream<SigstoreSigned> requirements() {
    return Stream.of(KEYLESS.fulcioRequirement(), KEYLESS.rootRequirement());
  }

  @ParameterizedTest
  @MethodSource("requirements")
  void count(SigstoreSigned requirement) throws Exception {
    assertEquals(proven(), verdict(requirement, UnaryOperator.identity()));
  }

  private static byte[] payload() {
    return CosignLayer.payload(Scene.image("hello").digest(), Scene.NAME);
  }

  private static CosignLayer edited(CosignLayer layer, String path, @Nullable Object value) {
    byte[] bundle =
        String.valueOf(layer.annotations().get(BUNDLE)).getBytes(StandardCharsets.UTF_8);
    return layer.with(BUNDLE, Edit.set(bundle, path, value));
  }

  private static CosignLayer logged(CosignLayer layer, byte[] body) {
    return KEYLESS.logged(layer, body, TestLog.TAKEN);
  }

  private static CosignLayer with(UnaryOperator<Leaf> change) {
    X509Certificate leaf = change.apply(KEYLESS.fulcio.leaf(KEYLESS.key)).issue();
    return KEYLESS.attachment(payload(), leaf, TestLog.TAKEN);
  }

  static Stream<Arguments> changes() {
    SigningKey other = SigningKey.make();
    TestAuthority elsewhere = TestAuthority.fulcio();
    return Stream.of(
        change(
            "payload",
            "the key of the certificate did not make this signature",
            layer -> layer.content(KeyedSignaturesTest.flipped(layer.content(), 9))),
        change(
            "signature",
            "the key of the certificate did not make this signature",
            layer ->
                layer.with(
                    SIGNATURE,
                    Base64Text.encode(KeyedSignaturesTest.flipped(layer.signature(), 20)))),
        change(
            "another's signature",
            "the key of the certificate did not make this signature",
            layer -> layer.with(SIGNATURE, Base64Text.encode(other.sign(layer.content())))),
        change(
            "no certificate",
            "a signature without a certificate",
            layer -> layer.without(CERTIFICATE)),
        change(
            "a key for a certificate",
            "the certificate is not PEM",
            layer -> layer.with(CERTIFICATE, other.pem())),
        change(
            "two certificates",
            "the certificate has 2 blocks",
            layer ->
                layer.with(
                    CERTIFICATE, TestAuthority.pem(KEYLESS.certificate, KEYLESS.certificate))),
        change(
            "certificate's signature",
            "the log entry is about another key",
            layer -> layer.with(CERTIFICATE, changedCertificate())),
        change(
            "certificate's signature, logged so",
            "no path from the certificate",
            layer ->
                logged(
                    layer.with(CERTIFICATE, changedCertificate()),
                    TestLog.hashedRekord(
                        layer.content(), layer.signature(), changedCertificate()))),
        change(
            "certificate of another authority",
            "no path from the certificate",
            layer ->
                with(leaf -> leaf.issuedBy(elsewhere.intermediateKey, elsewhere.intermediate))
                    .with(CHAIN, TestAuthority.pem(elsewhere.intermediate, elsewhere.root))),
        change(
            "certificate that names the authority only",
            "no path from the certificate",
            layer -> with(leaf -> leaf.issuedBy(other, KEYLESS.fulcio.intermediate))),
        change(
            "certificate by itself",
            "no path from the certificate",
            layer -> with(leaf -> leaf.issuedBy(KEYLESS.key, KEYLESS.certificate))),
        change(
            "somebody else",
            "the certificate's e-mail address is 'eve@example.org', expected",
            layer -> with(leaf -> leaf.email("eve@example.org"))),
        change(
            "upper case",
            "the certificate's e-mail address is 'Ada@example.org', expected",
            layer -> with(leaf -> leaf.email("Ada@example.org"))),
        change(
            "a name within a name",
            "e-mail address is 'ada@example.org.example', expected",
            layer -> with(leaf -> leaf.email("ada@example.org.example"))),
        change(
            "a name of another kind",
            "the certificate's e-mail address is missing",
            layer -> with(leaf -> leaf.uri("mailto:" + Leaf.EMAIL))),
        change(
            "another issuer",
            "the certificate's issuer is 'https://issuer.examples'",
            layer -> with(leaf -> leaf.oidc("https://issuer.examples", "https://issuer.examples"))),
        change(
            "two issuers",
            "the certificate names two issuers",
            layer -> with(leaf -> leaf.oidc(Leaf.ISSUER, "https://else.example"))),
        change(
            "no issuer",
            "the certificate's issuer is 'null'",
            layer -> with(leaf -> leaf.oidc(null, null))),
        change(
            "another purpose",
            "is not for CODE_SIGNING",
            layer -> with(leaf -> leaf.purpose(KeyPurposeId.id_kp_serverAuth))),
        change(
            "another use",
            "the certificate's key is not for signing",
            layer -> with(leaf -> leaf.usage(KeyUsage.keyEncipherment))),
        change(
            "an authority's certificate",
            "the certificate is an authority's",
            layer -> with(Leaf::authority)),
        change("no entry", "a signature without a log entry", layer -> layer.without(BUNDLE)),
        change("empty entry", "a signature without a log entry", layer -> layer.with(BUNDLE, " ")),
        change(
            "entry that is none", "read bundle: not sound JSON", layer -> layer.with(BUNDLE, "{")),
        change(
            "one member more",
            "has other members than its four",
            layer -> edited(layer, "Payload/also", 1)),
        change(
            "one member less",
            "has other members than its four",
            layer -> edited(layer, "Payload/logID", null)),
        change(
            "time",
            "the log entry's promise (SET) is by no log that the policy trusts",
            layer -> edited(layer, "Payload/integratedTime", TestLog.TAKEN.getEpochSecond() + 1)),
        change(
            "index",
            "the log entry's promise (SET) is by no log that the policy trusts",
            layer -> edited(layer, "Payload/logIndex", 4712)),
        change(
            "log",
            "the log entry's promise (SET) is by no log that the policy trusts",
            layer -> edited(layer, "Payload/logID", "00")),
        change(
            "log that is no number",
            "the log's id is not hexadecimal",
            layer -> edited(layer, "Payload/logID", "x0")),
        change(
            "promise",
            "the log entry's promise (SET) is by no log that the policy trusts",
            layer ->
                edited(
                    layer,
                    "SignedEntryTimestamp",
                    Base64Text.encode(
                        KeyedSignaturesTest.flipped(
                            KEYLESS.log.promise(payload(), 1, TestLog.TAKEN), 25)))),
        change(
            "entry by another log",
            "the log entry's promise (SET) is by no log that the policy",
            layer ->
                layer.with(
                    BUNDLE,
                    TestLog.json(
                        new TestLog()
                            .bundle(
                                TestLog.hashedRekord(
                                    layer.content(), layer.signature(), KEYLESS.pem()),
                                TestLog.TAKEN)))),
        change(
            "entry about another artifact",
            "the log entry is about another content",
            layer ->
                logged(layer, TestLog.hashedRekord(new byte[1], layer.signature(), KEYLESS.pem()))),
        change(
            "entry about another signature",
            "the log entry is about another signature",
            layer ->
                logged(
                    layer,
                    TestLog.hashedRekord(
                        layer.content(), KEYLESS.key.sign(layer.content()), KEYLESS.pem()))),
        change(
            "entry about another key",
            "the log entry is about another key",
            layer ->
                logged(
                    layer,
                    TestLog.hashedRekord(
                        layer.content(),
                        layer.signature(),
                        TestAuthority.pem(KEYLESS.fulcio.leaf(KEYLESS.key).issue())))),
        change(
            "entry about the bare key",
            "the log entry's key is not PEM",
            layer ->
                logged(
                    layer,
                    TestLog.hashedRekord(layer.content(), layer.signature(), KEYLESS.key.pem()))),
        change(
            "entry of another kind",
            "a log entry of the kind dsse for what is no envelope",
            layer ->
                logged(layer, TestLog.dsse(layer.content(), layer.signature(), KEYLESS.pem()))),
        change(
            "entry of an unknown kind",
            "a log entry of the unknown kind rpm 0.0.1",
            layer ->
                logged(
                    layer,
                    Edit.set(
                        TestLog.hashedRekord(layer.content(), layer.signature(), KEYLESS.pem()),
                        "kind",
                        "rpm"))),
        change(
            "before the certificate",
            "the certificate of 'CN=leaf' is valid",
            layer ->
                KEYLESS.attachment(
                    payload(), KEYLESS.certificate, TestAuthority.ISSUED.minusSeconds(1))),
        change(
            "after the certificate",
            "the certificate of 'CN=leaf' is valid",
            layer ->
                KEYLESS.attachment(
                    payload(),
                    KEYLESS.certificate,
                    TestAuthority.ISSUED.plus(TestAuthority.LIFE).plusSeconds(1))),
        change(
            "chain that is none",
            "the certificate's chain is not PEM",
            layer -> layer.with(CHAIN, "-----BEGIN CERTIFICATE-----")));
  }

  private static byte[] changedCertificate() {
    byte[] der = TestAuthority.der(KEYLESS.certificate);
    return SigningKey.pem("CERTIFICATE", KeyedSignaturesTest.flipped(der, der.length - 5));
  }

  private static Arguments change(String name, String reason, UnaryOperator<CosignLayer> change) {
    return Arguments.of(name, reason, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void whatIsChangedIsRefused(String name, String reason, UnaryOperator<CosignLayer> change)
      throws Exception {
    assertRefused(reason, verdict(KEYLESS.fulcioRequirement(), change));
    assertTrue(!verdict(KEYLESS.rootRequirement(), change).startsWith("proven"), name);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 599, 600})
  void countAtEveryTimeOfTheCertificate(long seconds) throws Exception {
    Instant taken = TestAuthority.ISSUED.plusSeconds(seconds);
    assertEquals(
        proven(),
        verdict(
            KEYLESS.fulcioRequirement(),
            layer -> KEYLESS.attachment(payload(), KEYLESS.certificate, taken)));
  }

  /// Fulcio's own chain may be left out where the trusted root has it.
  @Test
  void intermediatesComeFromTheTrustedRoot() throws Exception {
    assertEquals(proven(), verdict(KEYLESS.rootRequirement(), layer -> layer.without(CHAIN)));
    assertRefused(
        "no path from the certificate to the authority fulcio",
        verdict(KEYLESS.fulcioRequirement(), layer -> layer.without(CHAIN)));
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void oneExtensionWithTheIssuerSuffices(boolean first, boolean second) throws Exception {
    assertEquals(
        proven(),
        verdict(
            KEYLESS.fulcioRequirement(),
            layer ->
                with(leaf -> leaf.oidc(first ? Leaf.ISSUER : null, second ? Leaf.ISSUER : null))));
  }

  @Test
  void workflowsAreNamedByUri() throws Exception {
    String workflow = "https://forge.example/ada/app/.github/workflows/release.yml@refs/tags/v1";
    SigstoreSigned requirement = KEYLESS.fulcioRequirement(Leaf.ISSUER, null, workflow);
    assertEquals(
        "proven %s by %s %s %s"
            .formatted(workflow, Leaf.ISSUER, Scene.NAME, Scene.image("hello").digest()),
        verdict(requirement, layer -> with(leaf -> leaf.uri(workflow))));
    assertRefused(
        "the certificate's URI is '%s2', expected '%s'".formatted(workflow, workflow),
        verdict(requirement, layer -> with(leaf -> leaf.uri(workflow + "2"))));
    assertRefused("the certificate's URI is missing", verdict(requirement, layer -> layer));
  }

  @Test
  void oneOfSeveralNamesSuffices() throws Exception {
    String verdict =
        verdict(
            KEYLESS.fulcioRequirement(),
            layer -> with(leaf -> leaf.email("eve@example.org").email(Leaf.EMAIL)));
    assertRefused("proven eve@example.org, ada@example.org by", verdict);
  }

  static Stream<Arguments> promises() {
    SigningKey other = SigningKey.make();
    SigningKey log = KEYLESS.fulcio.certificateLog;
    Instant early = Instant.parse("2024-12-31T23:59:59Z");
    UnaryOperator<Leaf> none = leaf -> leaf.logs();
    UnaryOperator<Leaf> foreign = leaf -> leaf.logs(other);
    UnaryOperator<Leaf> both = leaf -> leaf.logs(other, log);
    UnaryOperator<Leaf> tooEarly = leaf -> leaf.promised(early);
    return Stream.of(
        Arguments.of(none, "the certificate has no promise of a certificate log (SCT)"),
        Arguments.of(
            foreign, "no promise in the certificate (SCT) is by a log of the trusted root"),
        Arguments.of(both, "proven"),
        Arguments.of(tooEarly, "no promise in the certificate (SCT) is by a log"));
  }

  @ParameterizedTest
  @MethodSource("promises")
  void certificatesHaveToBeInALogOfTheTrustedRoot(UnaryOperator<Leaf> leaf, String verdict)
      throws Exception {
    assertRefused(verdict, verdict(KEYLESS.rootRequirement(), layer -> with(leaf)));
  }

  @Test
  void timesOutsideTheTrustedRootDoNotCount() throws Exception {
    byte[] root = KEYLESS.trustedRoot();
    String end = "2026-02-01T00:00:00Z";
    assertRefused(
        "the log was trusted from",
        verdict(
            Keyless.rootRequirement(Edit.set(root, "tlogs/0/publicKey/validFor/end", end), null),
            layer -> layer));
    assertRefused(
        "the authority https://fulcio.test was trusted from",
        verdict(
            Keyless.rootRequirement(
                Edit.set(root, "certificateAuthorities/0/validFor/end", end), null),
            layer -> layer));
    assertRefused(
        "no promise in the certificate (SCT)",
        verdict(
            Keyless.rootRequirement(Edit.set(root, "ctlogs/0/publicKey/validFor/end", end), null),
            layer -> layer));
  }

  @Test
  void aTimeStampMayTakeThePlaceOfTheLog() throws Exception {
    byte[] root = Edit.set(KEYLESS.trustedRoot(), "tlogs", null);
    SigstoreSigned requirement = Keyless.rootRequirement(root, null);
    UnaryOperator<CosignLayer> stamped =
        layer ->
            layer
                .without(BUNDLE)
                .with(
                    CosignLayer.TIME_STAMP,
                    TestLog.json(
                        java.util.Map.of(
                            "SignedRFC3161Timestamp",
                            Base64Text.encode(
                                KEYLESS.clock.stamp(layer.signature(), TestLog.TAKEN, true)))));
    assertEquals(proven(), verdict(requirement, stamped));
    assertRefused(
        "a certificate without a verified time",
        verdict(requirement, layer -> layer.without(BUNDLE)));
    assertRefused(
        "a signature without a log entry, which the policy demands",
        verdict(KEYLESS.rootRequirement(), stamped));
  }
}
