package io.sealift.pull;

import io.sealift.policy.Admitted;
import io.sealift.store.ImageRecord;
import java.util.List;

/// An image that was brought into the store.
///
/// @param layers base first, repeats kept
/// @param record as the store has it now
public record StoredImage(Admitted image, List<LayerReport> layers, ImageRecord record) {

  public StoredImage {
    layers = List.copyOf(layers);
  }
}
