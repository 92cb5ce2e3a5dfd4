package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Finding.Outcome;
import io.sealift.source.Resolved;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy makes of one image, requirement by requirement. Made only by {@link Gatekeeper}.
public final class Verdict {

  private final Resolved image;
  private final Policy policy;
  private final Scope scope;
  private final List<Finding> findings;
  private final Instant time;

  Verdict(Resolved image, Policy policy, Scope scope, List<Finding> findings, Instant time) {
    this.image = image;
    this.policy = policy;
    this.scope = scope;
    this.findings = List.copyOf(findings);
    this.time = time;
  }

  public Resolved image() {
    return image;
  }

  public Policy policy() {
    return policy;
  }

  /// Which requirements of the policy were asked.
  public Scope scope() {
    return scope;
  }

  /// In the order of the policy.
  public List<Finding> findings() {
    return findings;
  }

  /// When it was found.
  public Instant time() {
    return time;
  }

  public Confidentiality confidentiality() {
    return Confidentiality.of(image);
  }

  /// Whether a signature was demanded and is there, and everything else that is demanded holds.
  public boolean signed() {
    return findings.stream().allMatch(finding -> finding.outcome() == Outcome.HOLDS)
        && findings.stream()
            .anyMatch(finding -> finding.requirement() instanceof Requirement.Signed);
  }

  public boolean admitted() {
    return objection() == null;
  }

  /// Why the image may not enter, a line for people; null when it may.
  public @Nullable String objection() {
    if (findings.isEmpty()) {
      return "nothing lets it in";
    }
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      if (finding.outcome() == Outcome.FAILS) {
        return "requirement %d of %d, %s, does not hold: %s"
            .formatted(i + 1, findings.size(), finding.requirement().type(), finding.reason());
      }
    }
    Allowance allowance = policy.allowance().orElse(null);
    Confidentiality confidentiality = confidentiality();
    if (allowance == null
        || allowance.admitsUnsigned(confidentiality)
        || (signed() && allowance.admitsSigned(confidentiality))) {
      return null;
    }
    return "it is %s and %s, and allowed is only %s"
        .formatted(confidentiality, signed() ? "signed" : "needs no signature here", allowance);
  }

  /// The refusal as a failure. Where the only objection is that somebody could not be asked just
  /// now, it is that failure, because another try may help.
  ///
  /// @throws IllegalStateException when the image may enter
  public ImageException refusal() {
    String objection = objection();
    if (objection == null) {
      throw new IllegalStateException("not refused");
    }
    if (findings.isEmpty()) {
      return new PolicyRefusedException(
          "admit %s (%s): refused, %s (%s)"
              .formatted(image.name(), image.manifestDigest(), objection, policy.origin()));
    }
    List<Finding> failed =
        findings.stream().filter(finding -> finding.outcome() == Outcome.FAILS).toList();
    ImageException failure = failed.isEmpty() ? null : failed.getFirst().failure();
    boolean passing =
        failed.stream()
            .allMatch(finding -> finding.failure() != null && finding.failure().retryable());
    if (failure != null && passing) {
      return failure;
    }
    String message =
        "admit %s (%s): refused by %s, scope %s: %s"
            .formatted(image.name(), image.manifestDigest(), policy.origin(), scope, objection);
    return failure == null
        ? new PolicyRefusedException(message)
        : new PolicyRefusedException(message, failure);
  }
}
