package io.sealift.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.LayerPath;
import java.util.Optional;

/// A stacked root file system seen from inside: symlinks are followed, but never out of it. From
/// {@link Snapshotter#open} until {@link #close}.
public interface RootFiles extends AutoCloseable {

  /// The content of a regular file; empty when there is none, or when the path leads to something
  /// else.
  ///
  /// @throws UnsafeContentException when the file has more than `maxBytes`
  Optional<byte[]> read(LayerPath path, int maxBytes) throws StoreException, UnsafeContentException;

  /// Makes a directory with its missing parents, 0755 and owned by 0:0; nothing happens when it is
  /// there.
  ///
  /// @throws UnsafeContentException when something that is no directory is in the way
  void makeDirectories(LayerPath path) throws StoreException, UnsafeContentException;

  @Override
  void close();
}
