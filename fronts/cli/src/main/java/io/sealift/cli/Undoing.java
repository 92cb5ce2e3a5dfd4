package io.sealift.cli;

import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Undoes root file systems by whatever stacked them.
final class Undoing {

  private Undoing() {}

  /// Undoes the root file system at this place.
  ///
  /// @return whether the store knew of one
  static boolean undo(Assembly assembly, Path rootfs, StoreOptions options)
      throws ImageException, InterruptedIOException {
    Optional<Mount> mount;
    try (Store store = assembly.existingStore(options)) {
      Path place = place(rootfs);
      mount = store.mounts().stream().filter(each -> each.rootfs().equals(place)).findFirst();
    }
    if (mount.isEmpty()) {
      return false;
    }
    try (Store store = assembly.storeOf(mount.get(), options)) {
      return store.unmount(rootfs);
    }
  }

  /// As the store writes places down: without symlinks above the root file system.
  private static Path place(Path rootfs) throws StoreException {
    Path directory = rootfs.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return rootfs;
    }
    try {
      return directory.toRealPath().resolve(rootfs.getFileName());
    } catch (IOException refused) {
      throw new StoreException("unmount " + rootfs + ": " + refused.getMessage(), refused);
    }
  }
}
