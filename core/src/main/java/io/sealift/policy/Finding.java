package io.sealift.policy;

import io.sealift.failure.ImageException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was found about one requirement of a policy.
///
/// @param pointer where in the policy it stands, a JSON pointer: `/default/0`
/// @param reason why it came out so, a line for people
/// @param places where signatures were looked for
/// @param signatures those that were examined, in that order; examination ends with the first that
///   counts
/// @param failure what kept the question from being answered; null when it was
public record Finding(
    Requirement requirement,
    String pointer,
    Outcome outcome,
    String reason,
    List<String> places,
    List<Examined> signatures,
    @Nullable ImageException failure) {

  public Finding {
    places = List.copyOf(places);
    signatures = List.copyOf(signatures);
  }

  static Finding of(Requirement requirement, String pointer, Outcome outcome, String reason) {
    return new Finding(requirement, pointer, outcome, reason, List.of(), List.of(), null);
  }

  /// How a requirement comes out.
  public enum Outcome {
    /// It is as required.
    HOLDS,
    /// It is not; the image is refused.
    FAILS,
    /// It was not asked, because images of this kind need no signature.
    WAIVED
  }

  /// A signature, and what it is worth to the requirement.
  ///
  /// @param objection why it does not count, a line for people; null for the one that does
  public record Examined(Signature signature, @Nullable String objection) {}

  /// The signature by which the requirement holds.
  Optional<Signature.Proven> signature() {
    return signatures.stream()
        .filter(examined -> examined.objection() == null)
        .map(examined -> (Signature.Proven) examined.signature())
        .findFirst();
  }

  Proof proof() {
    return new Proof(requirement.type(), reason, signature().orElse(null));
  }
}
