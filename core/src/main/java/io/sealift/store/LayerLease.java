package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.unpack.TreeSummary;
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

  private final DiffId layer;
  private final Layers layers;
  private final Disk disk;
  private final Staging staging;
  private final Runnable release;
  private @Nullable Path staged;
  private @Nullable SplitFile split;
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
        split = new SplitFile(file, new FileOutputStream(file.toFile()));
      } catch (IOException failed) {
        throw DiskFailure.of("write", file, failed);
      }
    }
    return split;
  }

  /// Makes the staged layer durable and visible, all at once. Only after every byte was proved, and
  /// not when the layer is {@link #present}.
  ///
  /// @param seal of the key that the layer came encrypted with; null when it came plain
  public StoredLayer commit(TreeSummary summary, long tarBytes, @Nullable String seal)
      throws StoreException {
    requireOpen();
    Path from = staged();
    split();
    endSplit();
    StoredLayer stored = layers.commit(layer, from, summary, tarBytes, seal);
    staged = null;
    return stored;
  }

  /// Removes whatever was staged: the layer begins anew, with another {@link #tree} and another
  /// {@link #split}.
  public void discard() throws StoreException {
    requireOpen();
    closeSplit();
    if (staged != null) {
      layers.snapshotter().remove(staged);
      staged = null;
    }
  }

  private void closeSplit() {
    try {
      if (split != null) {
        split.close();
      }
    } catch (IOException discarded) {
      Store.log().log(System.Logger.Level.DEBUG, "close the split of layer " + layer, discarded);
    }
    split = null;
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

  private void endSplit() throws StoreException {
    try (SplitFile ending = split) {
      if (ending != null) {
        ending.out.getFD().sync();
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
    closeSplit();
    try {
      if (staged != null) {
        layers.snapshotter().remove(staged);
      }
    } catch (StoreException stuck) {
      Store.log().log(System.Logger.Level.WARNING, stuck.getMessage());
    } finally {
      release.run();
    }
  }

  /// The file of the split. It is written in large pieces, and its failures say what to do.
  private static final class SplitFile extends OutputStream {

    private final Path file;
    private final FileOutputStream out;

    SplitFile(Path file, FileOutputStream out) {
      this.file = file;
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException failed) {
        throw new IOException(DiskFailure.of("write", file, failed).getMessage(), failed);
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
