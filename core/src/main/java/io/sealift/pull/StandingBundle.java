package io.sealift.pull;

import io.sealift.bundle.Bundle;
import io.sealift.bundle.BundleWriter;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// A bundle that an earlier pull completed, at the place where another one is asked for.
record StandingBundle(PullRequest request, Mount mount, Snapshotter snapshotter) {

  /// The one at the place of a request. Where a root file system is registered and nothing is there
  /// any more, as after a reboot, it is forgotten.
  static Optional<StandingBundle> find(PullRequest request, Store store, Snapshotter snapshotter)
      throws StoreException {
    Path rootfs = new Bundle(request.bundle()).rootfs();
    Optional<Mount> mount = store.mountAt(rootfs).filter(Mount::kept);
    if (mount.isPresent() && isVacant(rootfs)) {
      boolean _ = store.unmount(rootfs);
      return Optional.empty();
    }
    return mount.map(there -> new StandingBundle(request, there, snapshotter));
  }

  private static boolean isVacant(Path rootfs) throws StoreException {
    if (!Files.exists(rootfs, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(rootfs, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(rootfs)) {
      return !entries.iterator().hasNext();
    } catch (IOException failed) {
      throw new StoreException("look into %s: %s".formatted(rootfs, failed), failed);
    }
  }

  /// Whether it is the bundle of this image; its `config.json` is written when it is missing.
  ///
  /// @throws StoreException when its `config.json` is another one
  boolean isOf(Admitted image) throws ImageException {
    if (!Objects.equals(mount.manifestDigest(), image.image().manifestDigest())
        || !snapshotter.owns(mount.rootfs(), mount.work())) {
      return false;
    }
    try (RootFiles root = snapshotter.open(mount.rootfs())) {
      Bundle _ = new BundleWriter(request.options()).write(request.bundle(), image, root);
      return true;
    }
  }
}
