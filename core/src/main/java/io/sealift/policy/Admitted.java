package io.sealift.policy;

import io.sealift.source.Resolved;
import java.util.List;

/// An image that the policy let in under its logical name: these very bytes, for these reasons.
/// Made only by {@link Policy}.
public final class Admitted {

  private final Resolved image;
  private final List<Proof> proofs;

  Admitted(Resolved image, List<Proof> proofs) {
    this.image = image;
    this.proofs = List.copyOf(proofs);
  }

  public Resolved image() {
    return image;
  }

  /// Why the policy said yes, one for each requirement that held; never empty.
  public List<Proof> proofs() {
    return proofs;
  }
}
