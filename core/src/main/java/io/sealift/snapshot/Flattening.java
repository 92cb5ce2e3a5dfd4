package io.sealift.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;

/// Layers on their way into one plain tree: from {@link Snapshotter#flatten} until {@link #close}.
/// What comes of it is what applying the layers one after the other would have given, without
/// whiteouts or any other mark of a layer. For one thread at a time.
public interface Flattening extends AutoCloseable {

  /// Merges the next layer, base first. Its files are renamed, not copied, so its directory is
  /// consumed: empty or gone at the latest when this is closed. It must not be a layer of a store.
  ///
  /// @throws UnsafeContentException when the layer needs of the ones below what they do not have
  void add(LayerTree layer) throws StoreException, UnsafeContentException;

  /// Says that no more layers come; without it, the tree is of no use.
  void finish() throws StoreException;

  @Override
  void close() throws StoreException;
}
