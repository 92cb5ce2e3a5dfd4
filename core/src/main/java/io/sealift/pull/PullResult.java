package io.sealift.pull;

import io.sealift.bundle.Bundle;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Snapshot;
import java.util.List;

/// A pull that is done.
///
/// @param layers base first, repeats kept
public record PullResult(
    Admitted image, List<LayerReport> layers, Snapshot snapshot, Bundle bundle) {

  public PullResult {
    layers = List.copyOf(layers);
  }
}
