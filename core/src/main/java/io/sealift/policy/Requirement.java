package io.sealift.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy demands of an image, by its type in the policy file (containers-policy.json(5)).
public sealed interface Requirement {

  /// The name that stands under `type`.
  String type();

  /// Anything passes, signed or not.
  record InsecureAcceptAnything() implements Requirement {
    @Override
    public String type() {
      return "insecureAcceptAnything";
    }
  }

  /// Nothing passes.
  record Reject() implements Requirement {
    @Override
    public String type() {
      return "reject";
    }
  }

  /// Nothing passes: the grammar has it, and no tool has ever checked it.
  ///
  /// @param type `signedBaseLayer`, or `signedBy`
  /// @param what is not checked: `base layers`, `keys of the type X509Certificates`
  record Unchecked(String type, String what) implements Requirement {}

  /// What holds when one signature is good.
  sealed interface Signed extends Requirement {

    /// Which image the signature has to name; null when the policy does not say, which means {@link
    /// SignedIdentity.MatchRepoDigestOrExact}.
    @Nullable SignedIdentity identity();
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
  }
}
