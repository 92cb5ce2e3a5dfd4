package io.sealift.kata;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.service.Log;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a daemon that died left half made: layers that had not come whole, root file systems that
/// nobody was told of.
final class Leftovers {

  private Leftovers() {}

  /// Removes it. What cannot be removed now is told, and tried again when its place is needed.
  ///
  /// @throws ImageException when the store cannot be used at all
  static void remove(Path workDir, Snapshotter snapshotter, Log log)
      throws ImageException, InterruptedIOException {
    // Where there is no store yet, none is made: an encrypted volume may come to lie there.
    if (!Files.exists(workDir.resolve("format"))) {
      return;
    }
    try (Store store = Store.open(workDir, snapshotter)) {
      for (Mount mount : store.mounts()) {
        if (!mount.kept()) {
          remove(store, mount, log);
        }
      }
    }
  }

  private static void remove(Store store, Mount mount, Log log) {
    try {
      store.reclaim(mount.rootfs());
      log.info("half a root file system was removed", field("rootfs", mount.rootfs()));
    } catch (StoreException failed) {
      log.failed("half a root file system stays", failed, field("rootfs", mount.rootfs()));
    }
  }
}
