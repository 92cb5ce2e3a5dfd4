package io.sealift.oci;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image at a glance: what of manifest and config belongs together, for showing it.
///
/// @param layers base first
public record ImageView(Manifest manifest, ImageConfig config, List<Layer> layers) {

  public ImageView {
    layers = List.copyOf(layers);
  }

  public static ImageView of(Manifest manifest, ImageConfig config) {
    return new ImageView(manifest, config, new ArrayList<>());
  }

  /// One layer as the manifest names it, the digest of its tar, and the step that built it, where
  /// the history tells it.
  public record Layer(Descriptor descriptor, DiffId diffId, @Nullable String createdBy) {}
}
