package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an image says about itself: platform, layers, and how to run it (OCI image specification,
/// config.md).
///
/// @param variant as it stands in the config, where that of {@link #platform} is normalised
/// @param created RFC 3339 text as it stands in the config
/// @param diffIds one for each layer of the manifest, base first
public record ImageConfig(
    Platform platform,
    @Nullable String variant,
    @Nullable String osVersion,
    List<String> osFeatures,
    @Nullable String created,
    @Nullable String author,
    List<DiffId> diffIds,
    List<History> history,
    Execution execution) {

  public ImageConfig {
    osFeatures = List.copyOf(osFeatures);
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /// Reads an image config.
  public static ImageConfig parse(byte[] bytes)
      throws UnsafeContentException, UnsupportedImageException {
    return ConfigParser.parse(bytes);
  }

  /// One step of how the image was built.
  public record History(
      @Nullable String created,
      @Nullable String createdBy,
      @Nullable String comment,
      boolean emptyLayer) {}
}
