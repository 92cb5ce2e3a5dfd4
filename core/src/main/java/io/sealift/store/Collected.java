package io.sealift.store;

/// What a collection removed.
///
/// @param layers committed layers
/// @param blobs manifests and configs
/// @param bytes allocated on disk by all of them
public record Collected(int layers, int blobs, long bytes) {

  public static final Collected NOTHING = new Collected(0, 0, 0);
}
