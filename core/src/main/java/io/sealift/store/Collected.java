package io.sealift.store;

/// What a collection removed.
///
/// @param layers committed layers
/// @param blobs manifests and configs
/// @param bytes that they took on disk
public record Collected(int layers, int blobs, long bytes) {

  public static final Collected NOTHING = new Collected(0, 0, 0);

  Collected plus(Collected more) {
    return new Collected(layers + more.layers, blobs + more.blobs, bytes + more.bytes);
  }
}
