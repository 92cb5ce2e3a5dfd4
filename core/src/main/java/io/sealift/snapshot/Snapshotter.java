package io.sealift.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSink;
import java.nio.file.Path;
import java.util.List;

/// Keeps layers as trees of files and stacks them: overlay mounts, plain copies. Thread-safe.
public interface Snapshotter {

  /// The name that `--snapshotter` takes: `overlay`, `copy`, `auto`.
  String name();

  /// Whether {@link #unstack} undoes what the snapshotter of this name stacked.
  default boolean undoes(String name) {
    return name.equals(name());
  }

  /// A sink that writes one layer below `directory`, which exists and is empty. The caller closes
  /// it.
  TreeSink sink(Path directory) throws StoreException;

  /// Makes everything below `directory` durable: after a power loss it is there as it is now.
  void sync(Path directory) throws StoreException;

  /// Removes `directory` with everything below it, whatever its names, depth and modes. Nothing
  /// happens when it is not there.
  void remove(Path directory) throws StoreException;

  /// What the files below `directory` take.
  Usage usage(Path directory) throws StoreException;

  /// Stacks layers, base first, repeats kept, at `request.rootfs()`. All or nothing: after a
  /// failure nothing is mounted and nothing left behind.
  Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException;

  /// Begins to merge layers into one plain tree at `target`. The caller closes it.
  ///
  /// @param target an empty directory on the file system of the layers; it takes the attributes of
  ///   their roots. After a failure its content is of no use and is the caller's to remove
  Flattening flatten(Path target) throws StoreException;

  /// Undoes {@link #stack}: unmounts what is mounted at `rootfs` and removes it together with its
  /// work directory. Nothing happens when there is nothing.
  void unstack(Path rootfs, Path work) throws StoreException;

  /// Whether all that {@link #unstack} would remove at `rootfs` was made by {@link #stack} with
  /// this work directory, however far it came. Asked before it is removed without a user saying so.
  boolean owns(Path rootfs, Path work) throws StoreException;

  /// Opens a stacked root file system to look into it and to add what its bundle needs. The caller
  /// closes it.
  RootFiles open(Path rootfs) throws StoreException;

  /// Where a root file system is wanted. It can always be written to: a runtime has to make mount
  /// points in it, also when its container may not write.
  ///
  /// @param rootfs a directory to make or an empty one
  /// @param work an empty directory of the snapshot's own, on the file system of the store
  record StackRequest(Path rootfs, Path work) {}

  /// Bytes allocated and inodes, each inode counted once.
  record Usage(long bytes, long inodes) {}
}
