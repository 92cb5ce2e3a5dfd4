package io.sealift.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom a Sigstore signature has to come from.
public sealed interface TrustAnchor {

  /// Everything that has to be read to know whom it means.
  List<Material> materials();

  /// Who, for people.
  String inWords();

  /// The holder of one of these keys: PEM, `PUBLIC KEY`; at least one.
  record PublicKeys(List<Material> keys) implements TrustAnchor {
    public PublicKeys {
      keys = List.copyOf(keys);
    }

    @Override
    public List<Material> materials() {
      return keys;
    }

    @Override
    public String inWords() {
      return "the holder of the key " + Material.names(keys);
    }
  }

  /// Whoever had a certificate from this Fulcio when the log saw the signature.
  ///
  /// @param ca certificates of the authority, PEM
  /// @param subjectEmail the subject alternative name, an e-mail address; null when `subjectUri` is
  ///   demanded instead
  /// @param subjectUri the subject alternative name, a URI, such as a workflow's
  record Fulcio(
      Material ca, String oidcIssuer, @Nullable String subjectEmail, @Nullable String subjectUri)
      implements TrustAnchor {
    @Override
    public List<Material> materials() {
      return List.of(ca);
    }

    @Override
    public String inWords() {
      return "%s (by %s) with a certificate of %s"
          .formatted(subject(subjectEmail, subjectUri), oidcIssuer, ca.name());
    }
  }

  /// Whoever has a certificate from this authority now.
  ///
  /// @param subjectEmail demanded of the certificate when not null; so is `subjectHostname`
  record Pki(
      Material caRoots,
      @Nullable Material caIntermediates,
      @Nullable String subjectEmail,
      @Nullable String subjectHostname)
      implements TrustAnchor {
    @Override
    public List<Material> materials() {
      return caIntermediates == null ? List.of(caRoots) : List.of(caRoots, caIntermediates);
    }

    @Override
    public String inWords() {
      return "%s with a certificate of %s"
          .formatted(subject(subjectEmail, subjectHostname), caRoots.name());
    }
  }

  /// Whoever a trusted root file (`trusted_root.json`, sigstore/protobuf-specs) vouches for: its
  /// certificate authorities, transparency logs, certificate logs and time stamp authorities.
  record TrustedRoot(
      Material file, String oidcIssuer, @Nullable String subjectEmail, @Nullable String subjectUri)
      implements TrustAnchor {
    @Override
    public List<Material> materials() {
      return List.of(file);
    }

    @Override
    public String inWords() {
      return "%s (by %s) as the trusted root %s vouches for"
          .formatted(subject(subjectEmail, subjectUri), oidcIssuer, file.name());
    }
  }

  private static String subject(@Nullable String one, @Nullable String other) {
    if (one == null) {
      return other == null ? "anybody" : other;
    }
    return other == null ? one : one + " and " + other;
  }
}
