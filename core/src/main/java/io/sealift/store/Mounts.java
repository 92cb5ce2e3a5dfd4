package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.StoreLock.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table of root file systems that were stacked from the store. A place is registered before
/// anything is made there, so nothing that a crash leaves is unknown. What is on disk is never
/// reason enough to remove a root file system: only a caller who names its path does that.
record Mounts(Layout layout, Disk disk, StoreLock locks, Snapshotter snapshotter) {

  /// Where the bytes of mounts begin in the lock file; those of leases are below.
  private static final long FIRST_POSITION = 3L << 61;

  private static final String SUFFIX = ".json";

  List<MountFile> all() throws StoreException {
    List<MountFile> mounts = new ArrayList<>();
    for (Path file : disk.list(layout.mounts())) {
      if (isMount(file)) {
        read(file).ifPresent(mounts::add);
      }
    }
    return mounts;
  }

  static boolean isMount(Path file) {
    return file.getFileName().toString().matches("[0-9a-f]{64}\\.json");
  }

  Optional<MountFile> read(Path file) throws StoreException {
    byte[] bytes = disk.read(file, MountFile.MAX_BYTES).orElse(null);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      MountFile mount = MountFile.read(bytes);
      if (!file.equals(file(mount.rootfs()))) {
        throw new UnsafeContentException("read mount: this file is that of another path");
      }
      return Optional.of(mount);
    } catch (UnsafeContentException malformed) {
      throw Unsound.file(file, malformed);
    }
  }

  /// What is registered at a place.
  Optional<Mount> at(Path rootfs) throws StoreException {
    return read(file(place(rootfs))).map(this::describe);
  }

  /// Undoes what a dead process left at a place.
  void reclaim(Path rootfs, Staging staging) throws StoreException {
    Path place = place(rootfs);
    try (Held _ = lock(place)) {
      clear(place, staging);
    }
  }

  private void clear(Path place, Staging staging) throws StoreException {
    MountFile there = read(file(place)).orElse(null);
    if (there == null) {
      return;
    }
    if (there.kept() || staging.isAlive(there.owner())) {
      throw new StoreException(
          "mount %s: a root file system of image %s is there; run 'sealift unmount %s' first"
              .formatted(place, there.manifest(), place.getParent()));
    }
    requireSnapshotter(there);
    if (!snapshotter.owns(place, work(place))) {
      throw new StoreException(
          "mount %s: expected what a pull that died made there, found something of others; move it away, or run 'sealift unmount %s' to remove it"
              .formatted(place, place.getParent()));
    }
    undo(there);
  }

  /// Registers a place, after undoing what a dead process left there.
  Mount begin(Path rootfs, ImageRecord image, Staging staging) throws StoreException {
    Path place = place(rootfs);
    try (Held _ = lock(place)) {
      clear(place, staging);
      staging.fresh();
      MountFile mount =
          new MountFile(
              place,
              image.manifestDigest(),
              image.imageId(),
              image.layers(),
              snapshotter.name(),
              staging.token(),
              false);
      write(mount, staging);
      disk.makeDirectory(work(place));
      return describe(mount);
    }
  }

  void keep(Path rootfs, String snapshotter, Staging staging) throws StoreException {
    Path place = place(rootfs);
    try (Held _ = lock(place)) {
      MountFile there =
          read(file(place))
              .orElseThrow(() ->
                  new StoreException(
                      "keep mount %s: it is not registered any more; mount it again"
                          .formatted(place)));
      write(there.asKept(snapshotter), staging);
    }
  }

  /// Undoes what is registered at a place.
  ///
  /// @return whether something was
  boolean end(Path rootfs) throws StoreException {
    Path place = place(rootfs);
    try (Held _ = lock(place)) {
      MountFile there = read(file(place)).orElse(null);
      if (there == null) {
        return false;
      }
      disk.stamp(layout.file(Layout.Kind.IMAGE, there.manifest()));
      undo(there);
      return true;
    }
  }

  private void undo(MountFile mount) throws StoreException {
    requireSnapshotter(mount);
    snapshotter.unstack(mount.rootfs(), work(mount.rootfs()));
    snapshotter.remove(work(mount.rootfs()));
    disk.delete(file(mount.rootfs()));
    disk.sync(layout.mounts());
  }

  private void requireSnapshotter(MountFile mount) throws StoreException {
    if (!snapshotter.undoes(mount.snapshotter())) {
      throw new StoreException(
          "unmount %s: stacked by %s, expected %s; use --snapshotter %s"
              .formatted(
                  mount.rootfs(), mount.snapshotter(), snapshotter.name(), mount.snapshotter()));
    }
  }

  private void write(MountFile mount, Staging staging) throws StoreException {
    staging.publish(file(mount.rootfs()), mount.write());
    disk.sync(layout.mounts());
  }

  Mount describe(MountFile mount) {
    return new Mount(
        mount.rootfs(), work(mount.rootfs()), mount.manifest(), mount.snapshotter(), mount.kept());
  }

  private Path file(Path place) {
    return layout.mounts().resolve(Names.hash(place.toString()) + SUFFIX);
  }

  private Path work(Path place) {
    return layout.mounts().resolve(Names.hash(place.toString()));
  }

  private Held lock(Path place) throws StoreException {
    String hash = Names.hash(place.toString());
    long position = FIRST_POSITION + (Long.parseUnsignedLong(hash, 0, 16, 16) >>> 4);
    return locks.acquireUninterruptibly(position, false);
  }

  /// The path as the kernel sees it, as far as it is there, so that every way to write it is the
  /// same place.
  private static Path place(Path rootfs) throws StoreException {
    Path rest = rootfs.toAbsolutePath().normalize();
    Path there = rest;
    while (there.getParent() != null && (there.equals(rest) || !Files.exists(there))) {
      there = there.getParent();
    }
    try {
      return there.toRealPath().resolve(there.relativize(rest));
    } catch (IOException failed) {
      throw DiskFailure.of("find", rootfs, failed);
    }
  }

  /// The digests of the blobs that live mounts need.
  static List<Digest> blobs(List<MountFile> mounts) {
    List<Digest> blobs = new ArrayList<>();
    for (MountFile mount : mounts) {
      blobs.add(mount.manifest());
      blobs.add(mount.imageId());
    }
    return blobs;
  }
}
