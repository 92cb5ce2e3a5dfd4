package io.sealift.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy demands of an image, by its type in the policy file (containers-policy.json(5)).
public sealed interface Requirement {

  /// The name that stands under `type`.
  String type();

  /// What is demanded, for people.
  String inWords();

  /// Anything passes, signed or not.
  record InsecureAcceptAnything() implements Requirement {
    @Override
    public String type() {
      return "insecureAcceptAnything";
    }

    @Override
    public String inWords() {
      return "nothing: every image passes, signed or not";
    }
  }

  /// Nothing passes.
  record Reject() implements Requirement {
    @Override
    public String type() {
      return "reject";
    }

    @Override
    public String inWords() {
      return "what cannot be: every image is refused";
    }
  }

  /// Nothing passes: the grammar has it, and no tool has ever checked it.
  ///
  /// @param type `signedBaseLayer`, or `signedBy`
  /// @param what is not checked: `base layers`, `keys of the type X509Certificates`
  record Unchecked(String type, String what) implements Requirement {
    @Override
    public String inWords() {
      return "what cannot be: " + what + " are not checked by any tool, so every image is refused";
    }
  }

  /// What holds when one signature is good.
  sealed interface Signed extends Requirement {

    /// Which image the signature has to name; null when the policy does not say, which means {@link
    /// SignedIdentity.MatchRepoDigestOrExact}.
    @Nullable SignedIdentity identity();

    /// Everything that has to be read before it can be examined.
    List<Material> materials();

    /// What the signature has to name, for people, with the type of rule.
    default String naming() {
      SignedIdentity identity = identity();
      SignedIdentity rule =
          identity == null ? new SignedIdentity.MatchRepoDigestOrExact() : identity;
      String bare =
          identity == null && this instanceof SigstoreSigned
              ? "; its repository suffices where the signature has no tag and no digest"
              : "";
      return rule.inWords() + bare + " (" + rule.type() + (identity == null ? ", not said)" : ")");
    }
  }

  /// A simple signature by one of these OpenPGP keys.
  ///
  /// @param keys rings, binary or armoured; at least one
  record SignedBy(List<Material> keys, @Nullable SignedIdentity identity) implements Signed {
    public SignedBy {
      keys = List.copyOf(keys);
    }

    @Override
    public String type() {
      return "signedBy";
    }

    @Override
    public List<Material> materials() {
      return keys;
    }

    @Override
    public String inWords() {
      return "a simple signature by an OpenPGP key of " + Material.names(keys);
    }
  }

  /// A Sigstore signature.
  ///
  /// @param rekorKeys public keys of the transparency logs of which one has to have seen the
  ///   signature, PEM; empty when none need have
  /// @param predicateType the type of the in-toto attestation that is demanded instead of a
  ///   signature of the image itself; null when none is
  record SigstoreSigned(
      TrustAnchor anchor,
      List<Material> rekorKeys,
      @Nullable SignedIdentity identity,
      @Nullable String predicateType)
      implements Signed {
    public SigstoreSigned {
      rekorKeys = List.copyOf(rekorKeys);
    }

    @Override
    public String type() {
      return "sigstoreSigned";
    }

    @Override
    public List<Material> materials() {
      List<Material> materials = new ArrayList<>(anchor.materials());
      materials.addAll(rekorKeys);
      return List.copyOf(materials);
    }

    @Override
    public String inWords() {
      return (predicateType == null
              ? "a Sigstore signature by "
              : "an attestation of the type " + predicateType + " by ")
          + anchor.inWords()
          + (rekorKeys.isEmpty() ? "" : ", seen by the log of " + Material.names(rekorKeys));
    }
  }
}
