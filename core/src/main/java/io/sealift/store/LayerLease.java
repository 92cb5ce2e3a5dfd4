package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.unpack.TreeSummary;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/// The sole right to bring one layer into the store, among all threads and processes that use it:
/// from {@link Store#lease} until {@link #close}, which removes whatever was staged and not
/// committed.
public final class LayerLease implements AutoCloseable {

  /// The layer, when someone else committed it while this lease was waited for, or before.
  public Optional<StoredLayer> present() throws StoreException {
    throw new IllegalStateException();
  }

  /// An empty directory for the layer's tree, made at the first call.
  public Path tree() throws StoreException {
    throw new IllegalStateException();
  }

  /// Where the tar's bytes that are not file content go (a tar split), so that the layer can be
  /// checked against its digest later. Opened at the first call; closed by commit.
  public OutputStream split() throws StoreException {
    throw new IllegalStateException();
  }

  /// Makes the staged layer durable and visible, all at once. Only after every byte was proved.
  public StoredLayer commit(TreeSummary summary, long tarBytes) throws StoreException {
    throw new IllegalStateException();
  }

  @Override
  public void close() {}
}
