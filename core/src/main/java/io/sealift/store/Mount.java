package io.sealift.store;

import io.sealift.oci.Digest;
import java.nio.file.Path;

/// A root file system that was stacked from this store and not undone yet.
///
/// @param work the directory under `mounts/` that belongs to it
/// @param snapshotter the name of the one that stacked it
/// @param kept whether it is complete; otherwise its process is at work on it, or died of it
public record Mount(
    Path rootfs, Path work, Digest manifestDigest, String snapshotter, boolean kept) {

  /// The same when it is known how it was stacked in the end.
  public Mount stackedBy(String name) {
    return new Mount(rootfs, work, manifestDigest, name, kept);
  }
}
