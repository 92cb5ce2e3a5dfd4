package io.sealift.store;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.store.StoreLock.Held;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A store that is open: from {@link #open} until {@link #close} its lock is held, shared with
/// other pulls. Thread-safe. A layer that was leased here is safe from the collections of others as
/// long as this is open, recorded or not, but not from one that is asked for here.
public final class Store implements AutoCloseable {

  /// Where the bytes of leases begin in the lock file; those of open stores are below.
  private static final long FIRST_LEASE = 1L << 61;

  private static final Usage NO_USAGE = new Usage(0, 0);

  private final Layout layout;
  private final Snapshotter snapshotter;
  private final Disk disk;
  private final Layers layers;
  private final Images images;

  /// Null when there is no store here.
  private final @Nullable Access access;

  /// Asked for when there is something to say: looking for a logger costs a start more than opening
  /// a store does.
  static System.Logger log() {
    return System.getLogger("io.sealift.store");
  }

  private Store(Layout layout, Snapshotter snapshotter, Disk disk, @Nullable Access access) {
    this.layout = layout;
    this.snapshotter = snapshotter;
    this.disk = disk;
    this.layers = new Layers(layout, disk, snapshotter);
    this.images = new Images(layout, disk, new Names(layout, disk));
    this.access = access;
  }

  /// Opens the store at `workDir`, making it when it is not there, and removes the uncommitted
  /// layers that dead processes left.
  ///
  /// @throws StoreException when it is of another format, or cannot be written
  public static Store open(Path workDir, Snapshotter snapshotter)
      throws StoreException, InterruptedIOException {
    return open(workDir, snapshotter, new Disk());
  }

  static Store open(Path workDir, Snapshotter snapshotter, Disk disk)
      throws StoreException, InterruptedIOException {
    Layout layout = new Layout(workDir.toAbsolutePath().normalize());
    boolean there = layout.exists(disk);
    if (!there) {
      layout.make(disk);
    }
    Access access = Access.open(layout, snapshotter, disk);
    boolean done = false;
    try {
      access.requireWritable();
      if (!there) {
        access.staging().publish(layout.format(), Layout.FORMAT_BYTES);
        disk.sync(layout.root());
      }
      access.staging().sweep();
      done = true;
      return new Store(layout, snapshotter, disk, access);
    } finally {
      if (!done) {
        access.close();
      }
    }
  }

  /// Opens a store to look into it: nothing is made and nothing is removed, and it may be on a
  /// read-only file system. A store that is not there is an empty one. What would change it fails
  /// where it cannot be written.
  public static Store openExisting(Path workDir, Snapshotter snapshotter)
      throws StoreException, InterruptedIOException {
    Disk disk = new Disk();
    Layout layout = new Layout(workDir.toAbsolutePath().normalize());
    Access access = layout.exists(disk) ? Access.open(layout, snapshotter, disk) : null;
    return new Store(layout, snapshotter, disk, access);
  }

  /// Says that an image is being brought in, so that collections do not forget it for its age or
  /// size as long as this is open.
  public void claim(Admitted image) throws StoreException {
    writing().claims().add(image.image().manifestDigest());
  }

  /// Where it is found whether there is room for the layers of an image.
  ///
  /// @param limit bytes of tar that the layers of this store may have; `Long.MAX_VALUE` for as many
  ///   as its file system has room for
  public Room room(Admitted image, long limit) throws StoreException {
    return new Room(
        layout,
        disk,
        layers,
        writing().locks().occupancy(),
        image.image().name().toString(),
        limit);
  }

  /// Waits for the sole right to bring in a layer. `waiting` runs once if someone else has it now.
  public LayerLease lease(DiffId layer, Runnable waiting)
      throws StoreException, InterruptedIOException {
    Access writing = writing();
    Runnable endUse = writing.use();
    boolean done = false;
    try {
      writing.claims().add(layer.digest());
      Held lock = writing.locks().acquire(position(layer), false, waiting);
      done = true;
      Runnable release =
          () -> {
            lock.close();
            endUse.run();
          };
      return new LayerLease(layer, layers, disk, writing.staging(), release);
    } finally {
      if (!done) {
        endUse.run();
      }
    }
  }

  /// Layers whose digests begin alike share a byte: they wait for each other, and that is all.
  static long position(DiffId layer) {
    return FIRST_LEASE + (Long.parseUnsignedLong(layer.digest().hex(), 0, 16, 16) >>> 4);
  }

  /// Records an image whose layers are all here: manifest, config, name, and why it was admitted. A
  /// name that was another image's is this one's now.
  ///
  /// @param layers base first, repeats kept: one for each diff_id of the config
  public ImageRecord record(Admitted image, List<StoredLayer> layers) throws StoreException {
    List<DiffId> diffIds = layers.stream().map(StoredLayer::diffId).toList();
    if (!diffIds.equals(image.image().config().diffIds())) {
      throw new IllegalArgumentException("not the layers of " + image.image().manifestDigest());
    }
    Access writing = writing();
    Runnable endUse = writing.use();
    try (Held _ = writing.records()) {
      for (DiffId layer : diffIds) {
        this.layers.require(layer);
      }
      return images.record(image, layers, writing.staging());
    } finally {
      endUse.run();
    }
  }

  /// All images, the one pulled last first.
  public List<ImageRecord> images() throws StoreException {
    return images.all();
  }

  /// The image with this name (complete or as it may be typed), manifest digest, image id, or at
  /// least six first hexadecimal digits of one of the two.
  ///
  /// @throws BadReferenceException when the digits are those of several images
  public Optional<ImageRecord> find(String nameOrDigest)
      throws StoreException, BadReferenceException {
    return new Search(images.all()).find(nameOrDigest);
  }

  /// Finds an image by the first digits of its manifest's digest or of its id, alone.
  ///
  /// @throws BadReferenceException when several fit
  public Optional<ImageRecord> findByDigits(String digits)
      throws StoreException, BadReferenceException {
    return new Search(images.all()).addressed(digits);
  }

  /// The image's layers, base first, repeats kept.
  ///
  /// @throws StoreException when one is not there
  public List<StoredLayer> layers(ImageRecord image) throws StoreException {
    List<StoredLayer> stored = new ArrayList<>();
    for (DiffId layer : image.layers()) {
      stored.add(layers.require(layer));
    }
    return stored;
  }

  /// The image's manifest as it was received.
  ///
  /// @throws StoreException when it is not there
  public byte[] manifest(ImageRecord image) throws StoreException {
    return document("manifest", image.manifestDigest());
  }

  /// The image's config as it was received.
  ///
  /// @throws StoreException when it is not there
  public byte[] config(ImageRecord image) throws StoreException {
    return document("config", image.imageId());
  }

  private byte[] document(String what, Digest digest) throws StoreException {
    return images
        .blob(digest)
        .orElseThrow(() ->
            new StoreException(
                "read %s %s: it is not in the store %s; pull the image again"
                    .formatted(what, digest, layout.root())));
  }

  /// The layer, when the store has it.
  public Optional<StoredLayer> layer(DiffId layer) throws StoreException {
    return layers.find(layer);
  }

  /// What one layer takes; nothing when it is not here.
  Usage usage(DiffId layer) throws StoreException {
    Path directory = layers.directory(layer);
    try {
      return snapshotter.usage(directory);
    } catch (StoreException unreadable) {
      if (Files.isDirectory(directory)) {
        throw unreadable;
      }
      return NO_USAGE;
    }
  }

  /// What manifests and configs take.
  Usage documentsUsage() throws StoreException {
    return images.documentsUsage();
  }

  /// Forgets an image and its names. Its layers stay until the next collection, which is part of
  /// this when `collect` says so; those of live mounts stay in any case.
  public Removal remove(ImageRecord image, boolean collect)
      throws StoreException, InterruptedIOException {
    Access writing = writing();
    Runnable endUse = writing.use();
    try (Held _ = writing.records()) {
      images.forget(image);
    } finally {
      endUse.run();
    }
    return new Removal(image, collect ? gc() : Collected.NOTHING);
  }

  /// Keeps collections from forgetting what the image's names stand for, now and after they are
  /// pulled again; or lets them.
  public void pin(ImageRecord image, boolean pinned) throws StoreException {
    Access writing = writing();
    Runnable endUse = writing.use();
    try (Held _ = writing.records()) {
      images.pin(image, pinned, writing.staging());
    } finally {
      endUse.run();
    }
  }

  /// Removes the layers and blobs that no image and no live mount needs.
  public Collected gc() throws StoreException, InterruptedIOException {
    return gc(Retention.ALL);
  }

  /// Forgets images as `retention` says, and removes the layers and blobs that nothing needs then.
  /// Waits until the leases of this open store are closed; others may pull meanwhile.
  public Collected gc(Retention retention) throws StoreException, InterruptedIOException {
    if (access == null) {
      return Collected.NOTHING;
    }
    Collector collector = collector(access);
    return access.quiet(() -> collector.collect(retention));
  }

  /// What {@link #gc(Retention)} would remove now.
  public Collected rehearseGc(Retention retention) throws StoreException {
    return access == null ? Collected.NOTHING : collector(access).rehearse(retention);
  }

  private Collector collector(Access using) {
    return new Collector(layout, disk, images, layers, mounts(using), using);
  }

  /// Makes sure that a root file system can be made at `rootfs`: what a process that died left of
  /// one there is undone.
  ///
  /// @throws StoreException when another root file system lives there, or others made something of
  ///   their own in the place of one that was begun
  public void reclaim(Path rootfs) throws StoreException {
    Access writing = writing();
    mounts(writing).reclaim(rootfs, writing.staging());
  }

  /// Registers a root file system that is about to be stacked at `rootfs` for this image, so that
  /// collection spares its layers and `unmount` finds it. Until {@link #keep}, it belongs to this
  /// open store; what is left of one that died before is undone when its place is registered anew.
  ///
  /// @return with an empty work directory for {@link Snapshotter#stack}
  /// @throws StoreException when another root file system lives there, or a layer is not here
  public Mount mount(Path rootfs, ImageRecord image) throws StoreException {
    Access writing = writing();
    Runnable endUse = writing.use();
    try (Held _ = writing.records()) {
      layers(image);
      return mounts(writing).begin(rootfs, image, writing.staging());
    } finally {
      endUse.run();
    }
  }

  /// Says that the root file system is complete and lives on without this process, until {@link
  /// #unmount}.
  public void keep(Mount mount) throws StoreException {
    Access writing = writing();
    mounts(writing).keep(mount.rootfs(), mount.snapshotter(), writing.staging());
  }

  /// Root file systems that were registered and not undone yet.
  public List<Mount> mounts() throws StoreException {
    if (access == null) {
      return List.of();
    }
    Mounts mounts = mounts(access);
    return mounts.all().stream().map(mounts::describe).toList();
  }

  /// The root file system that is registered at a place.
  public Optional<Mount> mountAt(Path rootfs) throws StoreException {
    return access == null ? Optional.empty() : mounts(access).at(rootfs);
  }

  /// Undoes a root file system, however far it came, and forgets it.
  ///
  /// @return whether one was registered at this place
  public boolean unmount(Path rootfs) throws StoreException {
    if (access == null) {
      return false;
    }
    return mounts(writing()).end(rootfs);
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
  ///   waits until nobody else uses the store, and until the leases of this one are closed
  public Check fsck(boolean repair, Hashing hashing) throws StoreException, InterruptedIOException {
    Access using = access;
    if (using == null) {
      return new Check(0, 0, 0, List.of(), List.of());
    }
    return repair
        ? using.alone(() -> check(using, hashing, using.staging()))
        : check(using, hashing, null);
  }

  private Check check(Access using, Hashing hashing, @Nullable Staging repair)
      throws StoreException, InterruptedIOException {
    return new StoreCheck(
            layout,
            disk,
            images,
            layers,
            mounts(using),
            new LayerCheck(snapshotter, hashing),
            hashing,
            new Findings(disk, repair))
        .run();
  }

  private Mounts mounts(Access using) {
    return new Mounts(layout, disk, using.locks(), snapshotter);
  }

  private Access writing() throws StoreException {
    if (access == null) {
      throw new StoreException(
          "write to store %s: there is none; pull an image first".formatted(layout.root()));
    }
    access.requireWritable();
    return access;
  }

  @Override
  public void close() {
    if (access != null) {
      access.close();
    }
  }
}
