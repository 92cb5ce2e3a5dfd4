package io.sealift.policy;

import static io.sealift.oci.JsonText.CONFIG_TYPE;
import static io.sealift.oci.JsonText.LAYER_TYPE;
import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.index;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.manifest;
import static io.sealift.oci.JsonText.platform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.ImageName;
import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import io.sealift.policy.Finding.Outcome;
import io.sealift.policy.Requirement.SignedBy;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policyfile.PolicyFile;
import io.sealift.secret.FileSecrets;
import io.sealift.source.MemorySource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.verify.JcaHashing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatekeeperTest {

  private static final String ACCEPT = "{'type':'insecureAcceptAnything'}";
  private static final String REJECT = "{'type':'reject'}";
  private static final String SIGNED_BY = "{'type':'signedBy','keyType':'GPGKeys','keyPath':'/k'}";
  private static final String SIGSTORE = "{'type':'sigstoreSigned','keyPath':'/k'}";
  private static final String BASE =
      "{'type':'signedBaseLayer','baseLayerIdentity':{'type':'matchExact'}}";

  private final MemoryScheme<SignedBy> simple = new MemoryScheme<>();
  private final MemoryScheme<SigstoreSigned> sigstore = new MemoryScheme<>();

  private MemorySource source = new MemorySource();
  private Resolved image = image("r.io/a:t", "");

  /// @param more letters: `e` for each encrypted layer above a first one, `p` for each plain one
  private Resolved image(String name, String more) {
    return resolved(name, manifestOf(more), null);
  }

  private byte[] manifestOf(String layers) {
    List<String> descriptors = new ArrayList<>();
    String all = layers.isEmpty() ? "p" : layers;
    for (int i = 0; i < all.length(); i++) {
      char kind = all.charAt(i);
      descriptors.add(
          descriptor(LAYER_TYPE + (kind == 'e' ? "+encrypted" : ""), digest('1'), "10", ""));
    }
    byte[] config = json(config("d".repeat(all.length()), ""));
    source.blob(config);
    return json(manifest(descriptor(CONFIG_TYPE, config), descriptors.toArray(String[]::new)));
  }

  private Resolved resolved(String name, byte[] root, @Nullable MediaType declared) {
    try {
      return new Resolver(new JcaHashing())
          .resolve(
              ImageName.parse(name), source.root(root, declared, null), Platform.parse("amd64"));
    } catch (ImageException | java.io.InterruptedIOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static Policy policy(String requirements, String extension)
      throws PolicyRefusedException {
    return PolicyFile.parse(json("{'default':[" + requirements + "]" + extension + "}"), "p.json");
  }

  private Gatekeeper gatekeeper(String requirements) throws PolicyRefusedException {
    return gatekeeper(policy(requirements, ""));
  }

  private Gatekeeper gatekeeper(Policy policy) {
    return new Gatekeeper(() -> policy, new SignatureSchemes(simple, sigstore), new FileSecrets());
  }

  private String refusal(String requirements) throws Exception {
    Gatekeeper gatekeeper = gatekeeper(requirements);
    return assertThrows(PolicyRefusedException.class, () -> gatekeeper.admit(image, source))
        .getMessage();
  }

  private List<Outcome> outcomes(String requirements) throws Exception {
    return gatekeeper(requirements).judge(image, source).findings().stream()
        .map(Finding::outcome)
        .toList();
  }

  private String prefix() {
    return "admit docker://r.io/a:t (%s): refused by p.json, scope default: "
        .formatted(image.manifestDigest());
  }

  @Test
  void letsInWhatItIsToldTo() throws Exception {
    Admitted admitted = gatekeeper(ACCEPT).admit(image, source);
    assertSame(image, admitted.image());
    assertEquals(
        List.of(new Proof("insecureAcceptAnything", "accepted unseen by p.json", null)),
        admitted.proofs());
    assertEquals(Scope.DEFAULT, admitted.verdict().scope());
    assertEquals("p.json", admitted.verdict().policy().origin());
  }

  @Test
  void wantsEveryRequirement() throws Exception {
    assertEquals(
        prefix() + "requirement 2 of 2, reject, does not hold: the policy refuses every such image",
        refusal(ACCEPT + "," + REJECT));
    assertEquals(List.of(Outcome.FAILS, Outcome.HOLDS), outcomes(REJECT + "," + ACCEPT));
  }

  @Test
  void letsNothingInWithoutAPolicy() {
    PolicyRefusedException refusal =
        assertThrows(
            PolicyRefusedException.class,
            () -> gatekeeper(Policy.absent("write one")).admit(image, source));
    assertEquals(
        "admit docker://r.io/a:t (%s): refused, nothing lets it in (no policy: write one)"
            .formatted(image.manifestDigest()),
        refusal.getMessage());
    assertEquals(3, refusal.exitStatus());
  }

  @Test
  void aPolicyOfNoRequirementsLetsNothingIn() {
    Policy empty = new Policy("made by hand", List.of(), java.util.Map.of(), null);
    assertThrows(PolicyRefusedException.class, () -> gatekeeper(empty).admit(image, source));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        BASE + " | signedBaseLayer, does not hold: base layers are not checked by any tool",
        "{'type':'signedBy','keyType':'X509Certificates','keyPath':'/k'} | signedBy, does not hold: keys of the type X509Certificates are not checked by any tool",
      })
  void whatNoToolChecksNeverHolds(String requirement, String message) throws Exception {
    simple.proven(image.manifestDigest(), "r.io/a:t");
    assertEquals(prefix() + "requirement 1 of 1, " + message, refusal(requirement));
  }

  @Test
  void oneGoodSignatureSuffices() throws Exception {
    simple
        .worthless("the key is not known")
        .proven(image.manifestDigest(), "r.io/other:t")
        .proven(Digest.parse(digest('f')), "r.io/a:t")
        .proven(image.manifestDigest(), "r.io/a:t")
        .worthless("never looked at");
    Admitted admitted = gatekeeper(SIGNED_BY).admit(image, source);
    Finding finding = admitted.verdict().findings().getFirst();
    assertEquals(4, simple.examined());
    assertEquals(List.of("memory"), finding.places());
    assertEquals("/default/0", finding.pointer());
    assertEquals(
        "[the key is not known, signed by Ada, but it names r.io/other:t, wanted r.io/a:t"
            + " (matchRepoDigestOrExact), signed by Ada, but for %s, which is another image, null]"
                .formatted(digest('f')),
        finding.signatures().stream().map(Finding.Examined::objection).toList().toString());
    assertEquals(
        "signed by Ada for this manifest as r.io/a:t, at signature-4",
        admitted.proofs().getFirst().reason());
    assertEquals(
        new Signature.Proven(
            "signature-4", "Ada", new Signature.Claim(image.manifestDigest(), "r.io/a:t")),
        admitted.proofs().getFirst().signature());
    assertTrue(admitted.verdict().signed());
  }

  @Test
  void aRefusalNamesTheFirstReasons() throws Exception {
    assertEquals(
        prefix() + "requirement 1 of 1, signedBy, does not hold: there is no signature at memory",
        refusal(SIGNED_BY));
    simple.worthless("the key is not known");
    assertEquals(
        prefix()
            + "requirement 1 of 1, signedBy, does not hold: the only signature does not count:"
            + " signature-1: the key is not known",
        refusal(SIGNED_BY));
    simple.worthless("expired").worthless("broken").proven(Digest.parse(digest('f')), "r.io/a:t");
    assertEquals(
        prefix()
            + "requirement 1 of 1, signedBy, does not hold: none of 4 signatures counts:"
            + " signature-1: the key is not known; signature-2: expired; and 2 more",
        refusal(SIGNED_BY));
  }

  @Test
  void manySignaturesAreCountedAndNotKept() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      simple.worthless("worth nothing");
    }
    Finding finding = gatekeeper(SIGNED_BY).judge(image, source).findings().getFirst();
    assertEquals(256, finding.signatures().size());
    assertTrue(finding.reason().startsWith("none of 10000 signatures counts: "), finding.reason());
    simple.proven(image.manifestDigest(), "r.io/a:t");
    assertTrue(gatekeeper(SIGNED_BY).judge(image, source).admitted());
  }

  @Test
  void everyRequirementNeedsASignatureOfItsOwn() throws Exception {
    simple.proven(image.manifestDigest(), "r.io/a:t");
    assertEquals(List.of(Outcome.HOLDS, Outcome.FAILS), outcomes(SIGNED_BY + "," + SIGSTORE));
    sigstore.proven(image.manifestDigest(), "r.io/a");
    assertEquals(List.of(Outcome.HOLDS, Outcome.HOLDS), outcomes(SIGNED_BY + "," + SIGSTORE));
    assertEquals(
        List.of(Outcome.HOLDS, Outcome.HOLDS, Outcome.FAILS),
        outcomes(SIGNED_BY + "," + SIGSTORE + "," + REJECT));
  }

  @Test
  void aSignatureOfTheIndexAdmitsTheManifestThatItNames() throws Exception {
    byte[] child = manifestOf("p");
    source.blob(child);
    byte[] root =
        json(
            index(
                descriptor(
                    MediaType.OCI_MANIFEST.name(),
                    MemorySource.digest(DigestAlgorithm.SHA256, child).toString(),
                    child.length + "",
                    platform("linux", "amd64"))));
    image = resolved("r.io/a:t", root, MediaType.OCI_INDEX);
    Digest index = image.indexDigest().orElseThrow();
    sigstore.proven(index, "r.io/a");
    Proof proof = gatekeeper(SIGSTORE).admit(image, source).proofs().getFirst();
    assertEquals(
        "signed by Ada for the index %s, which names this manifest as r.io/a, at signature-1"
            .formatted(index),
        proof.reason());
    Digest other = MemorySource.digest(DigestAlgorithm.SHA512, root);
    simple.proven(other, "r.io/a:t");
    assertTrue(gatekeeper(SIGNED_BY).judge(image, source).admitted());
  }

  @Test
  void aSignatureOfAnIndexThatLedNowhereCountsForNothing() throws Exception {
    sigstore.proven(Digest.parse(digest('f')), "r.io/a");
    assertEquals(List.of(Outcome.FAILS), outcomes(SIGSTORE));
  }

  @Test
  void aSignatureMayNameTheManifestWithAnotherAlgorithm() throws Exception {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      MemoryScheme<SignedBy> one = new MemoryScheme<>();
      one.proven(MemorySource.digest(algorithm, image.manifestBytes()), "r.io/a:t");
      Policy policy = policy(SIGNED_BY, "");
      assertTrue(
          new Gatekeeper(() -> policy, new SignatureSchemes(one, null), new FileSecrets())
              .judge(image, source)
              .admitted(),
          algorithm.label());
    }
  }

  @Test
  void aSchemeThatIsNotThereRefuses() throws Exception {
    for (String requirement : List.of(SIGNED_BY, SIGSTORE)) {
      Policy policy = policy(requirement, "");
      String type = requirement.equals(SIGNED_BY) ? "signedBy" : "sigstoreSigned";
      assertEquals(
          prefix()
              + "requirement 1 of 1, %s, does not hold: check %s: this program was put together"
                  .formatted(type, type)
              + " without the part that checks such signatures",
          assertThrows(
                  PolicyRefusedException.class,
                  () -> Gatekeeper.withoutSignatures(() -> policy).admit(image, source))
              .getMessage());
    }
  }

  @Test
  void aKeyThatCannotBeReadRefuses() throws Exception {
    simple.failing(new NotFoundException("read /k: there is no such file"));
    assertEquals(
        prefix() + "requirement 1 of 1, signedBy, does not hold: read /k: there is no such file",
        refusal(SIGNED_BY));
  }

  @Test
  void whatIsFoundBeforeAFailureCounts() throws Exception {
    simple
        .proven(image.manifestDigest(), "r.io/a:t")
        .failing(TransferException.lasting("the second place is out of order", null));
    assertTrue(gatekeeper(SIGNED_BY).judge(image, source).admitted());
  }

  @Test
  void aFailureThatMayPassKeepsItsKind() throws Exception {
    TransferException passing = TransferException.passing("fetch signatures: status 503", null);
    simple.failing(passing);
    assertSame(
        passing,
        assertThrows(TransferException.class, () -> gatekeeper(SIGNED_BY).admit(image, source)));
    assertThrows(
        PolicyRefusedException.class,
        () -> gatekeeper(SIGNED_BY + "," + REJECT).admit(image, source),
        "another try would not help");
    simple.failing(new AuthenticationException("fetch signatures: status 401"));
    assertThrows(PolicyRefusedException.class, () -> gatekeeper(SIGNED_BY).admit(image, source));
  }

  @Test
  void thePolicyIsReadAnewForEveryImage() throws Exception {
    List<Policy> policies = new ArrayList<>(List.of(policy(ACCEPT, ""), policy(REJECT, "")));
    Gatekeeper gatekeeper = Gatekeeper.withoutSignatures(policies::removeFirst);
    assertTrue(gatekeeper.judge(image, source).admitted());
    assertFalse(gatekeeper.judge(image, source).admitted());
  }

  @Test
  void aPolicyThatCannotBeReadRefuses() {
    Gatekeeper gatekeeper =
        Gatekeeper.withoutSignatures(() -> {
          throw new NotFoundException("read policy: gone");
        });
    assertThrows(NotFoundException.class, () -> gatekeeper.admit(image, source));
  }

  @Test
  void theLogicalNameChoosesTheScopeWhereverTheBytesAre() throws Exception {
    Policy policy =
        PolicyFile.parse(
            json(
                "{'default':["
                    + REJECT
                    + "],'transports':{'docker':{"
                    + "'memory':["
                    + ACCEPT
                    + "],'r.io':["
                    + SIGNED_BY
                    + "]}}}"),
            "p.json");
    simple.proven(image.manifestDigest(), "memory/a:t");
    assertEquals("memory", image.place());
    PolicyRefusedException refusal =
        assertThrows(PolicyRefusedException.class, () -> gatekeeper(policy).admit(image, source));
    assertTrue(
        refusal.getMessage().contains("refused by p.json, scope docker:r.io: requirement 1 of 1"),
        refusal.getMessage());
  }

  /// Layers `p` plain and `e` encrypted; `s` signed and `u` unsigned; kinds by their first letters.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # allow                      | p s   | p u   | e s   | e u   | pe s  | pe u
          default                      | true  | false | true  | false | true  | false
          plain+signed                 | true  | false | false | false | false | false
          plain+unsigned               | true  | true  | false | false | false | false
          encrypted+signed             | false | false | true  | false | false | false
          encrypted+unsigned           | false | false | true  | true  | false | false
          plain+signed encrypted+signed | true | false | true  | false | true  | false
          plain+signed encrypted+unsigned | true | false | true | true | true  | false
          plain+unsigned encrypted+signed | true | true | true | false | true  | false
          plain+unsigned encrypted+unsigned | true | true | true | true | true | true
          plain+signed plain+unsigned  | true  | true  | false | false | false | false
          encrypted+signed encrypted+unsigned | false | false | true | true | false | false
          plain+signed plain+unsigned encrypted+signed encrypted+unsigned | true | true | true | true | true | true
          """)
  void fourKindsOfImageAreAllowedOrNot(
      String allow, boolean ps, boolean pu, boolean es, boolean eu, boolean ms, boolean mu)
      throws Exception {
    String extension =
        allow.equals("default")
            ? ",'sealift':{}"
            : ",'sealift':{'allow':['" + allow.replace(" ", "','") + "']}";
    assertEquals(
        List.of(ps, pu, es, eu, ms, mu),
        List.of(
            enters("p", true, SIGNED_BY, extension),
            enters("p", false, SIGNED_BY, extension),
            enters("ee", true, SIGNED_BY, extension),
            enters("ee", false, SIGNED_BY, extension),
            enters("pe", true, SIGNED_BY, extension),
            enters("ep", false, SIGNED_BY, extension)));
    assertEquals(
        List.of(pu, eu, mu),
        List.of(
            enters("p", true, ACCEPT, extension),
            enters("e", true, ACCEPT, extension),
            enters("epe", true, ACCEPT, extension)),
        "a scope that demands no signature makes no image a signed one");
    for (String never : List.of(REJECT, BASE, SIGNED_BY + "," + REJECT, ACCEPT + "," + BASE)) {
      for (String layers : List.of("p", "e", "pe")) {
        assertFalse(enters(layers, true, never, extension), never);
      }
    }
  }

  private boolean enters(String layers, boolean signed, String requirements, String extension)
      throws Exception {
    source = new MemorySource();
    Resolved some = image("r.io/a:t", layers);
    MemoryScheme<SignedBy> scheme = new MemoryScheme<>();
    if (signed) {
      scheme.proven(some.manifestDigest(), "r.io/a:t");
    } else {
      scheme.proven(some.manifestDigest(), "r.io/b:t");
    }
    Policy policy = policy(requirements, extension);
    return new Gatekeeper(() -> policy, new SignatureSchemes(scheme, null), new FileSecrets())
        .judge(some, source)
        .admitted();
  }

  @Test
  void withoutTheExtensionTheRequirementsAloneDecide() throws Exception {
    for (String layers : List.of("p", "e", "pe")) {
      assertTrue(enters(layers, true, SIGNED_BY, ""), layers);
      assertTrue(enters(layers, false, ACCEPT, ""), layers);
      assertFalse(enters(layers, false, SIGNED_BY, ""), layers);
    }
  }

  @Test
  void aWaivedRequirementIsSaidToBe() throws Exception {
    image = image("r.io/a:t", "e");
    Policy policy = policy(SIGNED_BY, ",'sealift':{'allow':['encrypted+unsigned']}");
    Admitted admitted = gatekeeper(policy).admit(image, source);
    assertEquals(0, simple.examined());
    assertEquals(
        List.of(new Proof("signedBy", "not asked for: what is encrypted may enter unsigned", null)),
        admitted.proofs());
    assertEquals(Outcome.WAIVED, admitted.verdict().findings().getFirst().outcome());
    assertFalse(admitted.verdict().signed());
  }

  @Test
  void aKindThatIsNotAllowedIsNamed() throws Exception {
    Policy policy = policy(ACCEPT, ",'sealift':{}");
    assertEquals(
        prefix()
            + "it is plain and needs no signature here, and allowed is only encrypted+signed,"
            + " plain+signed",
        assertThrows(PolicyRefusedException.class, () -> gatekeeper(policy).admit(image, source))
            .getMessage());
    image = image("r.io/a:t", "pe");
    simple.proven(image.manifestDigest(), "r.io/a:t");
    Policy encrypted = policy(SIGNED_BY, ",'sealift':{'allow':['encrypted+signed']}");
    assertEquals(
        prefix() + "it is encrypted in part and signed, and allowed is only encrypted+signed",
        assertThrows(PolicyRefusedException.class, () -> gatekeeper(encrypted).admit(image, source))
            .getMessage());
  }
}
