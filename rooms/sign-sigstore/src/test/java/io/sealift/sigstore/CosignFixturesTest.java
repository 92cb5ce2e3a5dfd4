package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.TrustAnchor;
import io.sealift.sigstore.crypto.Base64Text;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Signatures that cosign and skopeo made (see the README beside them).
class CosignFixturesTest {

  private static final String INDEX =
      "sha256:c482141d3a94d9fe116176123960b08b32cd8f4338bf66f73d17758176ca6226";

  private static final String BUILT = "https://example.org/built/v1";

  private static SigstoreSigned key(String name) throws Exception {
    return new SigstoreSigned(
        new TrustAnchor.PublicKeys(List.of(Scene.given(name, Fixture.read(name + ".pub")))),
        List.of(),
        null,
        null);
  }

  private static void assertContains(String part, String text) {
    assertTrue(text.contains(part), text);
  }

  static Stream<Arguments> signatures() {
    return Stream.of("ecdsa", "rsa", "ed25519")
        .flatMap(key ->
            Stream.of(
                Arguments.of("cosign2-" + key, key, "127.0.0.1:5055/cosign2-" + key),
                Arguments.of("cosign3-" + key, key, "null")));
  }

  @ParameterizedTest
  @MethodSource("signatures")
  @CsvSource({
    "cosign2-referrer, ecdsa, 127.0.0.1:5055/cosign2-referrer",
    "cosign3-old, ecdsa, 127.0.0.1:5055/cosign3-old"
  })
  void count(String fixture, String key, String reference) throws Exception {
    String verdict = Fixture.examine(fixture, key(key)).verdict();
    assertContains("proven key sha256:", verdict);
    assertContains(" " + reference + " " + INDEX, verdict);
  }

  @ParameterizedTest
  @CsvSource({"cosign2-ecdsa, rsa", "cosign2-rsa, ed25519", "cosign3-ecdsa, ed25519"})
  void areNothingToAnotherKey(String fixture, String key) throws Exception {
    assertEquals(
        "no key of the policy made this signature (1 tried)",
        Fixture.examine(fixture, key(key)).verdict());
  }

  @ParameterizedTest
  @CsvSource({"cosign2-attestation", "cosign3-attestation"})
  void attestationsCount(String fixture) throws Exception {
    SigstoreSigned key = key("ecdsa");
    SigstoreSigned demanded = new SigstoreSigned(key.anchor(), List.of(), null, BUILT);
    assertContains(" null " + INDEX, Fixture.examine(fixture, demanded).verdict());
    SigstoreSigned other =
        new SigstoreSigned(key.anchor(), List.of(), null, "https://slsa.dev/provenance/v1");
    for (SigstoreSigned requirement : List.of(key, other)) {
      assertTrue(
          Fixture.examine(fixture, requirement).verdicts().stream()
              .noneMatch(verdict -> verdict.startsWith("proven")));
    }
  }

  private static final String ISSUER = "https://issuer.example";
  private static final String ADA = "ada@example.org";

  private static SigstoreSigned fulcio(@Nullable String predicateType) throws Exception {
    return new SigstoreSigned(
        new TrustAnchor.Fulcio(
            Scene.given("fulcio.pem", Fixture.read("fulcio.pem")), ISSUER, ADA, null),
        List.of(Scene.given("rekor.pub", Fixture.read("rekor.pub"))),
        null,
        predicateType);
  }

  private static SigstoreSigned root(byte[] file, @Nullable String predicateType) {
    return new SigstoreSigned(
        new TrustAnchor.TrustedRoot(Scene.given("trusted_root.json", file), ISSUER, ADA, null),
        List.of(),
        null,
        predicateType);
  }

  @ParameterizedTest
  @CsvSource({
    "cosign2-keyless, false",
    "cosign2-keyless-stamped, false",
    "cosign2-keyless-attestation, true",
    "cosign3-keyless, false",
    "cosign3-keyless-attestation, true"
  })
  void keylessOnesCount(String fixture, boolean attestation) throws Exception {
    String predicateType = attestation ? BUILT : null;
    byte[] file = Fixture.read("trusted_root.json");
    assertContains(
        "proven ada@example.org by https://issuer.example ",
        Fixture.examine(fixture, root(file, predicateType)).verdict());
    if (!fixture.startsWith("cosign3")) {
      assertContains(
          "proven ada@example.org by https://issuer.example ",
          Fixture.examine(fixture, fulcio(predicateType)).verdict());
    }
  }

  /// What bundles leave out of the chain is not in the policy's root certificate either.
  @Test
  void bundlesNeedAnAuthorityThatIsNamedWithItsIntermediates() throws Exception {
    assertContains(
        "no path from the certificate to the authority fulcio.pem",
        Fixture.examine("cosign3-keyless", fulcio(null)).verdict());
  }

  @ParameterizedTest
  @CsvSource({
    "cosign2-keyless, tlogs, by no log that the policy trusts",
    "cosign2-keyless, ctlogs, no promise in the certificate (SCT) is by a log",
    "cosign3-keyless, tlogs, signed by no log that the policy trusts",
    "cosign3-keyless, ctlogs, no promise in the certificate (SCT) is by a log"
  })
  void keylessOnesAreNothingToOtherLogs(String fixture, String list, String reason)
      throws Exception {
    byte[] file =
        Edit.set(
            Fixture.read("trusted_root.json"),
            list + "/0/publicKey/rawBytes",
            Base64Text.encode(SigningKey.make().der()));
    assertContains(reason, Fixture.examine(fixture, root(file, null)).verdict());
  }

  /// Where no log need have seen the signature, its time has to come from a time stamp.
  @ParameterizedTest
  @CsvSource({
    "cosign2-keyless, a certificate without a verified time of its use",
    "cosign2-keyless-stamped, proven ada@example.org",
    "cosign3-keyless, proven ada@example.org"
  })
  void timeStampsCount(String fixture, String verdict) throws Exception {
    byte[] file = Edit.set(Fixture.read("trusted_root.json"), "tlogs", null);
    assertContains(verdict, Fixture.examine(fixture, root(file, null)).verdict());
  }

  @Test
  void onesByKeysMayBeInALog() throws Exception {
    SigstoreSigned logged =
        new SigstoreSigned(
            key("ecdsa").anchor(),
            List.of(Scene.given("rekor.pub", Fixture.read("rekor.pub"))),
            null,
            null);
    List<String> verdicts = Fixture.examine("cosign2-logged", logged).verdicts();
    assertContains("promise (SET) is by no log that the policy trusts", verdicts.getFirst());
    assertContains("proven key", verdicts.getLast());
    assertEquals(
        "a signature without a log entry, which the policy demands",
        Fixture.examine("cosign2-ecdsa", logged).verdict());
  }

  @Test
  void onesOfPrivateAuthoritiesCount() throws Exception {
    TrustAnchor pki =
        new TrustAnchor.Pki(
            Scene.given("pki-root.pem", Fixture.read("pki-root.pem")),
            null,
            "build@example.org",
            "build.example.org");
    assertContains(
        "proven build@example.org, build.example.org 127.0.0.1:5055/cosign2-pki " + INDEX,
        Fixture.examine("cosign2-pki", new SigstoreSigned(pki, List.of(), null, null)).verdict());
  }

  /// One of the manifest for this machine, one of the index, each with the tag.
  @Test
  void onesBySkopeoCount() throws Exception {
    String manifest = "sha256:eb851e6566ffbe4242144ca667d490c3333d6117603c5d0e0b69e333e2647b51";
    List<String> keyed = Fixture.examine("skopeo-ecdsa", key("skopeo")).verdicts();
    assertEquals(2, keyed.size());
    assertContains("proven key sha256:", keyed.getFirst());
    assertContains(" 127.0.0.1:5055/skopeo-ecdsa:v1 " + manifest, keyed.getFirst());
    assertContains(" 127.0.0.1:5055/skopeo-ecdsa:v1 " + INDEX, keyed.getLast());
    List<String> keyless = Fixture.examine("skopeo-keyless", fulcio(null)).verdicts();
    assertEquals(
        List.of(
            "proven ada@example.org by https://issuer.example 127.0.0.1:5055/skopeo-keyless:v1 "
                + manifest,
            "proven ada@example.org by https://issuer.example 127.0.0.1:5055/skopeo-keyless:v1 "
                + INDEX),
        keyless);
  }
}
