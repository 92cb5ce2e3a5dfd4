package io.sealift.store;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Snapshotter;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A store that is open: from {@link #open} until {@link #close} its lock is held, shared with
/// other pulls. Thread-safe.
public final class Store implements AutoCloseable {

  /// Opens the store at `workDir`, making it when it is not there, and removes what dead processes
  /// left: uncommitted layers, and mounts that were not kept.
  ///
  /// @throws StoreException when it is of another format, or cannot be written
  public static Store open(Path workDir, Snapshotter snapshotter)
      throws StoreException, InterruptedIOException {
    throw new IllegalStateException(workDir + snapshotter.name());
  }

  /// Opens a store to look into it: nothing is made and nothing is removed, and it may be on a
  /// read-only file system. A store that is not there is an empty one. What would change it fails
  /// where it cannot be written.
  public static Store openExisting(Path workDir, Snapshotter snapshotter)
      throws StoreException, InterruptedIOException {
    throw new IllegalStateException(workDir + snapshotter.name());
  }

  /// Waits for the sole right to bring in a layer. `waiting` runs once if someone else has it now.
  public LayerLease lease(DiffId layer, Runnable waiting)
      throws StoreException, InterruptedIOException {
    throw new IllegalStateException(layer.toString() + waiting);
  }

  /// Records an image whose layers are all here: manifest, config, name, and why it was admitted. A
  /// name that was another image's is this one's now.
  ///
  /// @param layers base first, repeats kept: one for each diff_id of the config
  public ImageRecord record(Admitted image, List<StoredLayer> layers) throws StoreException {
    throw new IllegalStateException(image.proofs().toString() + layers);
  }

  /// All images, the one pulled last first.
  public List<ImageRecord> images() throws StoreException {
    throw new IllegalStateException();
  }

  /// The image with this name (complete or as it may be typed), manifest digest, image id, or at
  /// least six first hexadecimal digits of one of the two.
  ///
  /// @throws BadReferenceException when the digits are those of several images
  public Optional<ImageRecord> find(String nameOrDigest)
      throws StoreException, BadReferenceException {
    throw new IllegalStateException(nameOrDigest);
  }

  /// The image's layers, base first, repeats kept.
  ///
  /// @throws StoreException when one is not there
  public List<StoredLayer> layers(ImageRecord image) throws StoreException {
    throw new IllegalStateException(image.toString());
  }

  /// The layer, when the store has it.
  public Optional<StoredLayer> layer(DiffId layer) throws StoreException {
    throw new IllegalStateException(layer.toString());
  }

  /// Forgets an image and its names. Its layers stay until the next collection, which is part of
  /// this when `collect` says so; those of live mounts stay in any case.
  public Removal remove(ImageRecord image, boolean collect)
      throws StoreException, InterruptedIOException {
    throw new IllegalStateException(image.toString() + collect);
  }

  /// Removes the layers and blobs that no image and no live mount needs. Waits until nobody else
  /// uses the store, and until the leases of this one are closed.
  public Collected gc() throws StoreException, InterruptedIOException {
    throw new IllegalStateException();
  }

  /// Registers a root file system that is about to be stacked at `rootfs` for this image, so that
  /// collection spares its layers and `unmount` finds it. Until {@link #keep}, it belongs to this
  /// process: when that ends, the next one that opens the store undoes it.
  ///
  /// @return with an empty work directory for {@link Snapshotter#stack}
  /// @throws StoreException when something is registered there already
  public Mount mount(Path rootfs, ImageRecord image) throws StoreException {
    throw new IllegalStateException(rootfs.toString() + image);
  }

  /// Says that the root file system is complete and lives on without this process, until {@link
  /// #unmount}.
  public void keep(Mount mount) throws StoreException {
    throw new IllegalStateException(mount.toString());
  }

  /// Root file systems that were registered and not undone yet.
  public List<Mount> mounts() throws StoreException {
    throw new IllegalStateException();
  }

  /// Undoes a root file system, however far it came, and forgets it.
  ///
  /// @return whether one was registered at this place
  public boolean unmount(Path rootfs) throws StoreException {
    throw new IllegalStateException(rootfs.toString());
  }

  /// Checks everything in the store, as {@link #fsck(boolean, Hashing)} with the digests of the
  /// Java platform.
  public Check fsck(boolean repair) throws StoreException, InterruptedIOException {
    return fsck(repair, new JcaHashing());
  }

  /// Checks everything in the store: the digests of manifests and configs, that every image is
  /// whole, and for each layer that its tree and tar split give the tar of its diff_id again.
  ///
  /// @param repair whether to remove what is broken, images that need a broken layer included;
  ///   waits as {@link #gc} does
  public Check fsck(boolean repair, Hashing hashing) throws StoreException, InterruptedIOException {
    throw new IllegalStateException(hashing.name() + repair);
  }

  @Override
  public void close() {}
}
