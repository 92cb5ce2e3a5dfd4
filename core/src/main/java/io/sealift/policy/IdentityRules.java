package io.sealift.policy;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a signature that was made for one name counts for another (`signedIdentity`, as
/// containers/image has it). Two things go beyond that grammar, both for Sigstore signatures only,
/// which usually name a repository and nothing more:
///
/// | what the signature names | rule | counts as |
/// |---|---|---|
/// | no image at all (in-toto statements) | any | the repository that it was found beside |
/// | a repository | none in the policy | `matchRepository` |
final class IdentityRules {

  private final Requirement.Signed requirement;
  private final @Nullable SignedName asked;

  /// @param asked what the image was asked for; null when its name is none of a registry
  IdentityRules(Requirement.Signed requirement, @Nullable SignedName asked) {
    this.requirement = requirement;
    this.asked = asked;
  }

  /// Why a signature does not count; empty when it does.
  ///
  /// @param reference `docker-reference` as it was signed; null where the format has none
  Optional<String> objection(@Nullable String reference) {
    SignedName signed;
    if (reference == null) {
      if (asked == null) {
        return Optional.of("it names no image, and this one is in no repository");
      }
      signed = new SignedName(asked.repository(), "");
    } else {
      try {
        signed = SignedName.parse(reference);
      } catch (BadReferenceException malformed) {
        return Optional.of("it names no image that could be: " + malformed.getMessage());
      }
    }
    SignedIdentity rule = rule(signed);
    return holds(rule, signed)
        ? Optional.empty()
        : Optional.of("it names %s, wanted %s (%s)".formatted(signed, wanted(rule), rule.type()));
  }

  /// The rule that applies to a signature of this name.
  private SignedIdentity rule(SignedName signed) {
    SignedIdentity given = requirement.identity();
    if (given != null) {
      return given;
    }
    return requirement instanceof Requirement.SigstoreSigned && signed.isBare()
        ? new SignedIdentity.MatchRepository()
        : new SignedIdentity.MatchRepoDigestOrExact();
  }

  private boolean holds(SignedIdentity rule, SignedName signed) {
    return switch (rule) {
      case SignedIdentity.ExactReference(Reference reference) ->
          isExact(SignedName.of(reference), signed);
      case SignedIdentity.ExactRepository(String repository) ->
          signed.repository().equals(repository);
      case SignedIdentity.MatchExact _ -> asked != null && isExact(asked, signed);
      case SignedIdentity.MatchRepository _ ->
          asked != null && asked.repository().equals(signed.repository());
      case SignedIdentity.MatchRepoDigestOrExact _ ->
          asked != null && isExactOrDigest(asked, signed);
      case SignedIdentity.RemapIdentity remap ->
          asked != null
              && remapped(remap, asked).filter(name -> isExactOrDigest(name, signed)).isPresent();
    };
  }

  /// Both have a tag or a digest, and are the same.
  private static boolean isExact(SignedName wanted, SignedName signed) {
    return !wanted.isBare() && wanted.equals(signed);
  }

  /// The same, or of the same repository when only a digest is wanted: that the signature is about
  /// the bytes with that digest is proved elsewhere.
  private static boolean isExactOrDigest(SignedName wanted, SignedName signed) {
    if (wanted.isBare() || signed.isBare()) {
      return false;
    }
    return wanted.hasTag()
        ? wanted.equals(signed)
        : wanted.repository().equals(signed.repository());
  }

  /// The name with its leading host, namespace or repository replaced; empty when the result is no
  /// normalised name.
  static Optional<SignedName> remapped(SignedIdentity.RemapIdentity remap, SignedName name) {
    String repository = name.repository();
    String prefix = remap.prefix();
    if (!repository.equals(prefix) && !repository.startsWith(prefix + "/")) {
      return Optional.of(name);
    }
    String text = remap.signedPrefix() + name.toString().substring(prefix.length());
    try {
      SignedName result = SignedName.parse(text);
      return result.toString().equals(text) ? Optional.of(result) : Optional.empty();
    } catch (BadReferenceException malformed) {
      return Optional.empty();
    }
  }

  private String wanted(SignedIdentity rule) {
    return switch (rule) {
      case SignedIdentity.ExactReference _, SignedIdentity.ExactRepository _ -> rule.inWords();
      case SignedIdentity.MatchExact _, SignedIdentity.MatchRepoDigestOrExact _ -> askedFor();
      case SignedIdentity.MatchRepository _ ->
          asked == null ? askedFor() : "the repository " + asked.repository();
      case SignedIdentity.RemapIdentity remap ->
          asked == null
              ? askedFor()
              : remapped(remap, asked)
                  .map(SignedName::toString)
                  .orElse("a name that %s cannot stand before".formatted(remap.signedPrefix()));
    };
  }

  private String askedFor() {
    return asked == null ? "a name in a registry, which this image has not" : asked.toString();
  }
}
