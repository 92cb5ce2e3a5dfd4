package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Snapshotter;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;

/// A store that is open: from {@link #open} until {@link #close} its lock is held, shared with
/// other pulls. Thread-safe.
public final class Store implements AutoCloseable {

  /// Opens the store at `workDir`, making it when it is not there, and removes what dead processes
  /// left in staging.
  public static Store open(Path workDir, Snapshotter snapshotter) throws StoreException {
    throw new IllegalStateException(workDir + snapshotter.name());
  }

  /// Waits for the sole right to bring in a layer. `waiting` runs once if someone else has it now.
  public LayerLease lease(DiffId layer, Runnable waiting)
      throws StoreException, InterruptedIOException {
    throw new IllegalStateException(layer.toString() + waiting);
  }

  /// Records an image whose layers are all here: manifest, config, name, and why it was admitted.
  public ImageRecord record(Admitted image, List<StoredLayer> layers) throws StoreException {
    throw new IllegalStateException(image.proofs().toString() + layers);
  }

  /// Registers a root file system that is about to be stacked at `rootfs` for this image, so that
  /// collection spares its layers and `unmount` finds it.
  public Mount mount(Path rootfs, ImageRecord image) throws StoreException {
    throw new IllegalStateException(rootfs.toString() + image);
  }

  @Override
  public void close() {}
}
