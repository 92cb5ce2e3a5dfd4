package io.sealift.store;

import java.util.List;

/// What a collection removed, or would have removed.
///
/// @param images that were forgotten, as they were
/// @param layers committed layers
/// @param blobs manifests and configs
/// @param bytes that they took on disk
/// @param remaining bytes of the tars of the layers that are left
public record Collected(
    List<ImageRecord> images, int layers, int blobs, long bytes, long remaining) {

  public static final Collected NOTHING = new Collected(List.of(), 0, 0, 0, 0);

  public Collected {
    images = List.copyOf(images);
  }

  /// Whether nothing was removed.
  public boolean isNothing() {
    return images.isEmpty() && layers == 0 && blobs == 0;
  }
}
