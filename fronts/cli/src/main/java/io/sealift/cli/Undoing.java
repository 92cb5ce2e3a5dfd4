package io.sealift.cli;

import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.store.Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Undoes root file systems by whatever stacked them.
final class Undoing {

  private Undoing() {}

  /// Undoes the root file system at this place.
  ///
  /// @return whether the store knew of one
  static boolean undo(Assembly assembly, Path rootfs, StoreOptions options)
      throws ImageException, InterruptedIOException {
    try (Store store = assembly.existingStore(options)) {
      Path place = place(rootfs);
      if (store.mounts().stream().noneMatch(mount -> mount.rootfs().equals(place))) {
        return false;
      }
    }
    try (Store store = assembly.storeForUnstacking(options)) {
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
