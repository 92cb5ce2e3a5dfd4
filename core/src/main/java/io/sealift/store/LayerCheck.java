package io.sealift.store;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Checks one layer: that what the store keeps of it is there.
record LayerCheck(Snapshotter snapshotter, Hashing hashing) {

  void check(StoredLayer layer, Path directory) throws ImageException, InterruptedIOException {
    if (!Files.isDirectory(layer.tree().directory(), LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException("its tree is missing");
    }
    if (!Files.isRegularFile(Layers.split(directory), LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException("its tar split is missing");
    }
  }
}
