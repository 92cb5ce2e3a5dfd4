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

  /// Puts each layer beside its diff_id and the step that built it.
  ///
  /// @param config with as many diff_ids as the manifest has layers
  public static ImageView of(Manifest manifest, ImageConfig config) {
    if (config.diffIds().size() != manifest.layers().size()) {
      throw new IllegalArgumentException("not the config of this manifest");
    }
    List<ImageConfig.History> steps =
        config.history().stream().filter(step -> !step.emptyLayer()).toList();
    boolean told = steps.size() == manifest.layers().size();
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < manifest.layers().size(); index++) {
      layers.add(
          new Layer(
              manifest.layers().get(index),
              config.diffIds().get(index),
              told ? steps.get(index).createdBy() : null));
    }
    return new ImageView(manifest, config, layers);
  }

  /// Bytes of all layers as they are fetched; a layer that stands in the manifest twice counts
  /// twice. At most the largest `long`, whatever the manifest claims.
  public long size() {
    long sum = 0;
    for (Layer layer : layers) {
      long size = layer.descriptor().size();
      sum = sum > Long.MAX_VALUE - size ? Long.MAX_VALUE : sum + size;
    }
    return sum;
  }

  /// One layer as the manifest names it.
  ///
  /// @param diffId the digest of its tar
  /// @param createdBy the command that built it; null when the history does not tell
  public record Layer(Descriptor descriptor, DiffId diffId, @Nullable String createdBy) {

    /// How its type says it is compressed: `gzip`, `zstd` or `none`.
    public String compression() {
      String type = descriptor.mediaType().name();
      if (type.contains("gzip")) {
        return "gzip";
      }
      return type.contains("zstd") ? "zstd" : "none";
    }

    public boolean isEncrypted() {
      return descriptor.mediaType().isEncrypted();
    }
  }
}
