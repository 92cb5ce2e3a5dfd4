package io.sealift.policy;

import io.sealift.source.Resolved;
import java.util.List;

/// An image that the policy let in under its logical name: these very bytes, for these reasons.
/// Made only by {@link Gatekeeper}.
public final class Admitted {

  private final Verdict verdict;

  Admitted(Verdict verdict) {
    if (!verdict.admitted()) {
      throw new IllegalArgumentException("refused: " + verdict.objection());
    }
    this.verdict = verdict;
  }

  public Resolved image() {
    return verdict.image();
  }

  /// The whole decision.
  public Verdict verdict() {
    return verdict;
  }

  /// Why the policy said yes, one for each of its requirements; never empty.
  public List<Proof> proofs() {
    return verdict.findings().stream().map(Finding::proof).toList();
  }
}
