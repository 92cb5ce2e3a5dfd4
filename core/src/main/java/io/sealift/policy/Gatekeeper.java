package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.policy.Finding.Outcome;
import io.sealift.secret.FileSecrets;
import io.sealift.secret.SecretSource;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Asks the policy whether an image may enter: the one place that makes {@link Admitted}. Every
/// requirement of the scope has to hold, and there has to be one. Immutable and thread-safe.
public final class Gatekeeper {

  private final PolicySource policies;
  private final SignatureSchemes schemes;
  private final SecretSource secrets;

  /// @param policies asked for the policy once for every image
  /// @param schemes what checks signatures
  /// @param secrets where keys are
  public Gatekeeper(PolicySource policies, SignatureSchemes schemes, SecretSource secrets) {
    this.policies = policies;
    this.schemes = schemes;
    this.secrets = secrets;
  }

  /// One that checks no signatures, so that it refuses wherever the policy demands one.
  public static Gatekeeper withoutSignatures(PolicySource policies) {
    return new Gatekeeper(policies, SignatureSchemes.NONE, new FileSecrets());
  }

  /// Looks at every requirement, also when one has failed already.
  ///
  /// @param image asked about under its logical name
  /// @param source where it came from, and its signatures may be
  /// @throws ImageException when the policy cannot be read
  public Verdict judge(Resolved image, ImageSource source)
      throws ImageException, InterruptedIOException {
    Policy policy = policies.read();
    Policy.Choice choice = policy.choose(image.name());
    boolean unsigned =
        policy
            .allowance()
            .filter(allowance -> allowance.admitsUnsigned(Confidentiality.of(image)))
            .isPresent();
    List<Finding> findings = new ArrayList<>();
    for (Requirement requirement : choice.requirements()) {
      String pointer = choice.scope().pointer() + "/" + findings.size();
      findings.add(
          switch (requirement) {
            case Requirement.InsecureAcceptAnything anything ->
                Finding.of(
                    anything, pointer, Outcome.HOLDS, "accepted unseen by " + policy.origin());
            case Requirement.Reject reject ->
                Finding.of(reject, pointer, Outcome.FAILS, "the policy refuses every such image");
            case Requirement.Unchecked unchecked ->
                Finding.of(
                    unchecked,
                    pointer,
                    Outcome.FAILS,
                    unchecked.what() + " are not checked by any tool");
            case Requirement.Signed signed ->
                unsigned ? waived(signed, pointer, image) : examine(signed, pointer, image, source);
          });
    }
    return new Verdict(
        image, policy, choice.scope(), findings, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  private static Finding waived(Requirement.Signed requirement, String pointer, Resolved image) {
    String reason =
        "not asked for: what is %s may enter unsigned".formatted(Confidentiality.of(image));
    return Finding.of(requirement, pointer, Outcome.WAIVED, reason);
  }

  private Finding examine(
      Requirement.Signed requirement, String pointer, Resolved image, ImageSource source)
      throws InterruptedIOException {
    Examination examination = new Examination(requirement, image);
    try {
      schemes.examine(requirement, image, source, secrets, examination);
      return examination.finding(pointer, null);
    } catch (ImageException failed) {
      return examination.finding(pointer, failed);
    }
  }

  /// Asks whether the image may enter.
  ///
  /// @throws io.sealift.failure.PolicyRefusedException with the scope, the first requirement that
  ///   does not hold, and why
  /// @throws ImageException when the policy cannot be read, or somebody could not be asked just now
  public Admitted admit(Resolved image, ImageSource source)
      throws ImageException, InterruptedIOException {
    Verdict verdict = judge(image, source);
    if (!verdict.admitted()) {
      throw verdict.refusal();
    }
    return new Admitted(verdict);
  }
}
