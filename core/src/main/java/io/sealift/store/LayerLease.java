package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.unpack.TreeSummary;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The sole right to bring one layer into the store, among all threads and processes that use it:
/// from {@link Store#lease} until {@link #close}, which removes whatever was staged and not
/// committed. For one thread at a time.
public final class LayerLease implements AutoCloseable {

  /// Entries of a split are about a hundred bytes.
  private static final int SPLIT_BUFFER_BYTES = 64 << 10;

  private final DiffId layer;
  private final Layers layers;
  private final Disk disk;
  private final Staging staging;
  private final Runnable release;
  private @Nullable Path staged;
  private @Nullable FileOutputStream splitFile;
  private @Nullable OutputStream split;
  private boolean open = true;

  LayerLease(DiffId layer, Layers layers, Disk disk, Staging staging, Runnable release) {
    this.layer = layer;
    this.layers = layers;
    this.disk = disk;
    this.staging = staging;
    this.release = release;
  }

  /// The layer, when someone else committed it while this lease was waited for, or before.
  public Optional<StoredLayer> present() throws StoreException {
    return layers.find(layer);
  }

  /// An empty directory for the layer's tree, made at the first call.
  public Path tree() throws StoreException {
    return Layers.tree(staged());
  }

  /// Where the tar's bytes that are not file content go (a tar split), so that the layer can be
  /// checked against its digest later. Opened at the first call; closed by commit.
  public OutputStream split() throws StoreException {
    if (split == null) {
      Path file = Layers.split(staged());
      try {
        splitFile = new FileOutputStream(file.toFile());
        split = new BufferedOutputStream(splitFile, SPLIT_BUFFER_BYTES);
      } catch (IOException failed) {
        throw DiskFailure.of("write", file, failed);
      }
    }
    return split;
  }

  /// Makes the staged layer durable and visible, all at once. Only after every byte was proved.
  public StoredLayer commit(TreeSummary summary, long tarBytes) throws StoreException {
    requireOpen();
    Path from = staged();
    endSplit();
    StoredLayer stored = layers.commit(layer, from, summary, tarBytes);
    staged = null;
    return stored;
  }

  private Path staged() throws StoreException {
    requireOpen();
    if (staged == null) {
      Path directory = staging.fresh();
      disk.makeDirectory(directory);
      staged = directory;
      disk.makeTree(Layers.tree(directory));
    }
    return staged;
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the lease of layer " + layer + " is closed");
    }
  }

  /// Makes the split durable.
  private void endSplit() throws StoreException {
    try (OutputStream ending = split()) {
      ending.flush();
      if (splitFile != null) {
        splitFile.getFD().sync();
      }
    } catch (IOException failed) {
      throw DiskFailure.of("write", Layers.split(staged()), failed);
    }
  }

  /// Gives the right back and removes what was not committed. What cannot be removed is logged, and
  /// left to the next who opens the store.
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try {
      if (split != null) {
        split.close();
      }
    } catch (IOException discarded) {
      Store.LOG.log(System.Logger.Level.DEBUG, "close the split of layer " + layer, discarded);
    }
    try {
      if (staged != null) {
        layers.snapshotter().remove(staged);
      }
    } catch (StoreException stuck) {
      Store.LOG.log(System.Logger.Level.WARNING, stuck.getMessage());
    } finally {
      release.run();
    }
  }
}
