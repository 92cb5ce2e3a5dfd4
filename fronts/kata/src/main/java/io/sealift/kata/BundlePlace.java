package io.sealift.kata;

import io.sealift.bundle.Bundle;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Store;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// The place of a bundle as it was before a pull, so that it can be made so again.
///
/// @param hadDirectory whether its directory was there
/// @param hadConfig whether a `config.json` was
record BundlePlace(Bundle bundle, boolean hadDirectory, boolean hadConfig) {

  static BundlePlace before(Path directory) {
    Bundle bundle = new Bundle(directory);
    return new BundlePlace(bundle, isThere(directory), isThere(bundle.config()));
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /// Undoes a pull that is done: unmounts and removes what it made.
  void restore(Path workDir, Snapshotter snapshotter)
      throws ImageException, InterruptedIOException {
    try (Store store = Store.open(workDir, snapshotter)) {
      boolean _ = store.unmount(bundle.rootfs());
    }
    try {
      if (!hadConfig) {
        Files.deleteIfExists(bundle.config());
      }
      if (!hadDirectory && isEmpty(bundle.directory())) {
        Files.delete(bundle.directory());
      }
    } catch (IOException failed) {
      throw new StoreException(
          "remove bundle %s: %s".formatted(bundle.directory(), failed), failed);
    }
  }

  /// What others put there meanwhile stays.
  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }
}
