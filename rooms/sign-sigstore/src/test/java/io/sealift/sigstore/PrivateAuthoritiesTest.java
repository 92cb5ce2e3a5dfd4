package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.Digest;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.TrustAnchor;
import io.sealift.sigstore.TestAuthority.Leaf;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Signatures with certificates of an authority of one's own, which have to be valid now.
class PrivateAuthoritiesTest {

  private static final TestAuthority AUTHORITY = TestAuthority.fulcio();
  private static final SigningKey KEY = SigningKey.make();
  private static final Digest DIGEST = Scene.image("hello").digest();

  private static Leaf leaf() {
    return AUTHORITY
        .leaf(KEY)
        .oidc(null, null)
        .logs()
        .email(Leaf.EMAIL)
        .host("build.example.org")
        .valid(Scene.NOW.minusSeconds(60), Scene.NOW.plusSeconds(60));
  }

  private static CosignLayer layer(Leaf leaf, X509Certificate... chain) {
    CosignLayer layer =
        CosignLayer.signed(KEY, DIGEST, Scene.NAME)
            .with(CosignLayer.CERTIFICATE, TestAuthority.pem(leaf.issue()));
    return chain.length == 0 ? layer : layer.with(CosignLayer.CHAIN, TestAuthority.pem(chain));
  }

  private static SigstoreSigned pki(
      boolean intermediates, @Nullable String email, @Nullable String host) {
    return new SigstoreSigned(
        new TrustAnchor.Pki(
            Scene.given("roots", TestAuthority.pem(AUTHORITY.root)),
            intermediates
                ? Scene.given("intermediates", TestAuthority.pem(AUTHORITY.intermediate))
                : null,
            email,
            host),
        List.of(),
        null,
        null);
  }

  private static String verdict(SigstoreSigned requirement, CosignLayer layer) throws Exception {
    try (Scene scene = Scene.open()) {
      return scene.attach(layer).examine(requirement).verdict();
    }
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  private static final String PROVEN =
      "proven ada@example.org, build.example.org %s %s".formatted(Scene.NAME, DIGEST);

  @Test
  void countWithIntermediatesOfThePolicyOrOfTheSignature() throws Exception {
    assertEquals(PROVEN, verdict(pki(true, Leaf.EMAIL, null), layer(leaf())));
    assertEquals(
        PROVEN,
        verdict(
            pki(false, Leaf.EMAIL, null), layer(leaf(), AUTHORITY.intermediate, AUTHORITY.root)));
    assertContains(
        "no path from the certificate to the authority roots",
        verdict(pki(false, Leaf.EMAIL, null), layer(leaf())));
  }

  static Stream<Arguments> identities() {
    return Stream.of(
        Arguments.of("ada@example.org", null, "build.example.org", "proven"),
        Arguments.of("eve@example.org", null, "build.example.org", "e-mail address is 'ada"),
        Arguments.of(null, "build.example.org", "build.example.org", "proven"),
        Arguments.of(null, "BUILD.example.org", "build.example.org", "proven"),
        Arguments.of(null, "build.example.org", "*.example.org", "proven"),
        Arguments.of(null, "example.org", "*.example.org", "host name is '*.example.org'"),
        Arguments.of(null, "a.build.example.org", "*.example.org", "host name is"),
        Arguments.of(null, "build.example.org", "*.org", "host name is"),
        Arguments.of(null, "build.example.org", "b*.example.org", "host name is"),
        Arguments.of("ada@example.org", "build.example.org", "build.example.org", "proven"),
        Arguments.of("ada@example.org", "else.example.org", "build.example.org", "host name is"),
        Arguments.of("eve@example.org", "build.example.org", "build.example.org", "e-mail"),
        Arguments.of(null, null, "build.example.org", "the policy demands no identity"));
  }

  @ParameterizedTest
  @MethodSource("identities")
  void everythingThatIsDemandedHasToBeThere(
      @Nullable String email, @Nullable String host, String inCertificate, String verdict)
      throws Exception {
    Leaf leaf =
        AUTHORITY
            .leaf(KEY)
            .oidc(null, null)
            .logs()
            .email(Leaf.EMAIL)
            .host(inCertificate)
            .valid(Scene.NOW.minusSeconds(60), Scene.NOW.plusSeconds(60));
    assertContains(verdict, verdict(pki(true, email, host), layer(leaf)));
  }

  static Stream<Arguments> bad() {
    UnaryOperator<Leaf> over = leaf -> leaf.valid(Instant.EPOCH, Scene.NOW.minusSeconds(1));
    UnaryOperator<Leaf> yet =
        leaf -> leaf.valid(Scene.NOW.plusSeconds(1), Scene.NOW.plusSeconds(9));
    UnaryOperator<Leaf> server = leaf -> leaf.purpose(KeyPurposeId.id_kp_serverAuth);
    UnaryOperator<Leaf> authority = Leaf::authority;
    UnaryOperator<Leaf> foreign = leaf -> leaf.issuedBy(KEY, AUTHORITY.intermediate);
    return Stream.of(
        Arguments.of(over, "not at 2026-06-01T12:00:00Z"),
        Arguments.of(yet, "not at 2026-06-01T12:00:00Z"),
        Arguments.of(server, "is not for CODE_SIGNING"),
        Arguments.of(authority, "the certificate is an authority's"),
        Arguments.of(foreign, "no path from the certificate"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void certificatesThatAreNotGoodNowDoNotCount(UnaryOperator<Leaf> change, String reason)
      throws Exception {
    assertContains(reason, verdict(pki(true, Leaf.EMAIL, null), layer(change.apply(leaf()))));
  }

  @Test
  void aKeyIsNoCertificate() throws Exception {
    assertEquals(
        "a signature without a certificate",
        verdict(pki(true, Leaf.EMAIL, null), CosignLayer.signed(KEY, DIGEST, Scene.NAME)));
  }
}
