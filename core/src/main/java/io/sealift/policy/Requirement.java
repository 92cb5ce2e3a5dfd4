package io.sealift.policy;

/// What a policy demands of an image, by its type in the policy file (containers-policy.json(5)).
sealed interface Requirement {

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
}
