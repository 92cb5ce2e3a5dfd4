package io.sealift.pull;

import io.sealift.policy.Admitted;
import io.sealift.unpack.TreeSummary.Loss;
import java.nio.file.Path;
import java.util.List;

/// An image that was unpacked into plain files.
///
/// @param losses what could not be kept, over all layers
public record UnpackResult(Admitted image, Path directory, List<Loss> losses) {

  public UnpackResult {
    losses = List.copyOf(losses);
  }
}
