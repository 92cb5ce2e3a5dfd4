package io.sealift.policy;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.source.Resolved;
import java.util.ArrayList;
import java.util.List;

/// Which images may enter: the one place that makes {@link Admitted}. Immutable.
public final class Policy {

  private final String origin;
  private final List<Requirement> requirements;

  Policy(String origin, List<Requirement> requirements) {
    this.origin = origin;
    this.requirements = List.copyOf(requirements);
  }

  /// A policy that lets everything in, for those who said so: `origin` names how, for the proof.
  public static Policy insecureAcceptAnything(String origin) {
    return new Policy(origin, List.of(new Requirement.InsecureAcceptAnything()));
  }

  /// The policy that holds where there is none: it refuses, and says `remedy`.
  public static Policy absent(String remedy) {
    return new Policy("no policy: " + remedy, List.of());
  }

  /// Reads a `policy.json`.
  ///
  /// @param origin where it came from, for messages
  /// @throws PolicyRefusedException when it is not a policy that this version understands to the
  ///   last key
  public static Policy parse(byte[] json, String origin) throws PolicyRefusedException {
    return new Policy(origin, PolicyParser.parse(json, origin));
  }

  /// Asks whether the image may enter under its logical name. Every requirement has to hold, and
  /// there has to be one.
  ///
  /// @throws PolicyRefusedException with the requirement that did not hold
  public Admitted admit(Resolved image) throws PolicyRefusedException {
    if (requirements.isEmpty()) {
      throw refusal(image, "nothing lets it in");
    }
    List<Proof> proofs = new ArrayList<>();
    for (Requirement requirement : requirements) {
      proofs.add(
          switch (requirement) {
            case Requirement.InsecureAcceptAnything anything ->
                new Proof(anything.type(), "accepted unseen by " + origin);
            case Requirement.Reject reject -> throw refusal(image, "requirement " + reject.type());
            case Requirement.Unchecked unchecked ->
                throw refusal(image, "requirement " + unchecked.type());
            case Requirement.Signed signed -> throw refusal(image, "requirement " + signed.type());
          });
    }
    return new Admitted(image, proofs);
  }

  private PolicyRefusedException refusal(Resolved image, String why) {
    return new PolicyRefusedException(
        "admit %s (%s): refused, %s (%s)"
            .formatted(image.name(), image.manifestDigest(), why, origin));
  }
}
