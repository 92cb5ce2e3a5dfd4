package io.sealift.policyfile;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement;
import io.sealift.policy.TrustAnchor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads requirements of the type `sigstoreSigned`:
///
/// | key | |
/// |---|---|
/// | `keyPath`, `keyPaths`, `keyData`, `keyDatas`, `fulcio`, `pki` | exactly one, or `sealift.trustedRoot` |
/// | `rekorPublicKeyPath`, `…Paths`, `…Data`, `…Datas` | at most one; one with `fulcio`, none with `pki` and `sealift.trustedRoot` |
/// | `signedIdentity` | |
/// | `sealift.subjectURI` | with `fulcio`, in the place of its `subjectEmail` |
/// | `sealift.trustedRoot` | `path` or `data`, `oidcIssuer`, and `subjectEmail` or `subjectURI` |
/// | `sealift.predicateType` | the attestation that is demanded |
final class SigstoreReader {

  static final List<String> KEYS =
      List.of(
          "type",
          "keyPath",
          "keyPaths",
          "keyData",
          "keyDatas",
          "fulcio",
          "pki",
          "rekorPublicKeyPath",
          "rekorPublicKeyPaths",
          "rekorPublicKeyData",
          "rekorPublicKeyDatas",
          "signedIdentity",
          "sealift");

  private static final List<String> ANCHORS =
      List.of("keyPath", "keyPaths", "keyData", "keyDatas", "fulcio", "pki");
  private static final List<String> EXTENSIONS =
      List.of("subjectURI", "trustedRoot", "predicateType");

  private static final List<String> REKOR =
      List.of(
          "rekorPublicKeyPath", "rekorPublicKeyPaths", "rekorPublicKeyData", "rekorPublicKeyDatas");

  private final Members members;
  private final @Nullable Members extension;

  private SigstoreReader(Members members) throws PolicyRefusedException {
    this.members = members;
    this.extension = members.has("sealift") ? members.object("sealift", EXTENSIONS) : null;
  }

  static Requirement read(Members members) throws PolicyRefusedException {
    return new SigstoreReader(members).requirement();
  }

  private Requirement requirement() throws PolicyRefusedException {
    TrustAnchor anchor = anchor();
    List<Material> rekor = Materials.anyOf(members, REKOR);
    switch (anchor) {
      case TrustAnchor.Fulcio _ -> {
        if (rekor.isEmpty()) {
          throw members.refusal(
              "fulcio",
              "certificates of Fulcio need a log that saw the signature; name its key with %s"
                  .formatted(String.join(", ", REKOR)));
        }
      }
      case TrustAnchor.Pki _ -> forbidRekor(rekor, "pki");
      case TrustAnchor.TrustedRoot _ -> forbidRekor(rekor, "sealift/trustedRoot");
      case TrustAnchor.PublicKeys _ -> {}
    }
    return new Requirement.SigstoreSigned(
        anchor, rekor, RequirementReader.identity(members), extensionText("predicateType"));
  }

  private void forbidRekor(List<Material> rekor, String with) throws PolicyRefusedException {
    if (!rekor.isEmpty()) {
      String key = members.atMostOne(REKOR).getFirst();
      throw members.refusal(key, "is of no use with " + with + "; leave it out");
    }
  }

  private TrustAnchor anchor() throws PolicyRefusedException {
    if (extension != null && extension.has("trustedRoot")) {
      for (String other : members.atMostOne(ANCHORS)) {
        throw members.refusal(other, "expected one anchor, found sealift/trustedRoot as well");
      }
      forbidSubjectUri();
      return trustedRoot(
          extension.object(
              "trustedRoot", List.of("path", "data", "oidcIssuer", "subjectEmail", "subjectURI")));
    }
    String key = members.exactlyOne(ANCHORS);
    if (!key.equals("fulcio")) {
      forbidSubjectUri();
    }
    return switch (key) {
      case "fulcio" ->
          fulcio(
              members.object("fulcio", List.of("caPath", "caData", "oidcIssuer", "subjectEmail")));
      case "pki" -> pki();
      default -> new TrustAnchor.PublicKeys(Materials.read(members, key));
    };
  }

  private void forbidSubjectUri() throws PolicyRefusedException {
    if (extension != null && extension.has("subjectURI")) {
      throw extension.refusal("subjectURI", "has a meaning only with fulcio");
    }
  }

  private TrustAnchor fulcio(Members fulcio) throws PolicyRefusedException {
    String uri = extensionText("subjectURI");
    if (uri != null && fulcio.has("subjectEmail")) {
      throw fulcio.refusal(
          "subjectEmail", "expected one subject, found sealift/subjectURI as well");
    }
    return new TrustAnchor.Fulcio(
        Materials.oneOf(fulcio, List.of("caPath", "caData")).getFirst(),
        fulcio.text("oidcIssuer"),
        uri == null ? fulcio.text("subjectEmail") : null,
        uri);
  }

  private TrustAnchor pki() throws PolicyRefusedException {
    Members pki =
        members.object(
            "pki",
            List.of(
                "caRootsPath",
                "caRootsData",
                "caIntermediatesPath",
                "caIntermediatesData",
                "subjectEmail",
                "subjectHostname"));
    List<Material> intermediates =
        Materials.anyOf(pki, List.of("caIntermediatesPath", "caIntermediatesData"));
    if (!pki.has("subjectEmail") && !pki.has("subjectHostname")) {
      throw Members.refusal(
          pki.file(),
          pki.pointer(),
          "expected subjectEmail, subjectHostname or both, found neither");
    }
    return new TrustAnchor.Pki(
        Materials.oneOf(pki, List.of("caRootsPath", "caRootsData")).getFirst(),
        intermediates.isEmpty() ? null : intermediates.getFirst(),
        optional(pki, "subjectEmail"),
        optional(pki, "subjectHostname"));
  }

  private static TrustAnchor trustedRoot(Members root) throws PolicyRefusedException {
    root.exactlyOne(List.of("subjectEmail", "subjectURI"));
    return new TrustAnchor.TrustedRoot(
        Materials.oneOf(root, List.of("path", "data")).getFirst(),
        root.text("oidcIssuer"),
        optional(root, "subjectEmail"),
        optional(root, "subjectURI"));
  }

  private @Nullable String extensionText(String key) throws PolicyRefusedException {
    return extension == null ? null : optional(extension, key);
  }

  private static @Nullable String optional(Members members, String key)
      throws PolicyRefusedException {
    return members.has(key) ? members.text(key) : null;
  }
}
