package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.store.Layout.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Removes what no image and no registered mount needs. Its caller has the store to itself. Stops
/// at the first record that cannot be read: what that one needs is not known.
record Collector(Layout layout, Disk disk, Images images, Layers layers, Mounts mounts) {

  Collected collect(Staging staging) throws StoreException {
    staging.sweep();
    List<ImageRecord> records = images.all();
    List<MountFile> live = mounts.all();
    dropDanglingNames(records);
    Set<DiffId> neededLayers = new HashSet<>();
    records.forEach(image -> neededLayers.addAll(image.layers()));
    live.forEach(mount -> neededLayers.addAll(mount.layers()));
    Set<Digest> neededBlobs = new HashSet<>(Mounts.blobs(live));
    for (ImageRecord image : records) {
      neededBlobs.add(image.manifestDigest());
      neededBlobs.add(image.imageId());
    }
    Collected collected = collectLayers(neededLayers, staging);
    return collected.plus(collectBlobs(neededBlobs));
  }

  private void dropDanglingNames(List<ImageRecord> records) throws StoreException {
    Set<Digest> known = new HashSet<>();
    records.forEach(image -> known.add(image.manifestDigest()));
    for (Map.Entry<String, Digest> name : images.names().all().entrySet()) {
      if (!known.contains(name.getValue())) {
        images.names().forget(name.getKey());
      }
    }
  }

  private Collected collectLayers(Set<DiffId> needed, Staging staging) throws StoreException {
    Collected collected = Collected.NOTHING;
    for (DiffId layer : layers.all()) {
      if (!needed.contains(layer)) {
        Path directory = layers.directory(layer);
        long bytes = layers.snapshotter().usage(directory).bytes();
        staging.discard(directory);
        collected = collected.plus(new Collected(1, 0, bytes));
      }
    }
    return collected;
  }

  private Collected collectBlobs(Set<Digest> needed) throws StoreException {
    Collected collected = Collected.NOTHING;
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.BLOB, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.BLOB, algorithm, file);
        if (digest.isPresent() && !needed.contains(digest.get())) {
          long bytes = size(file);
          disk.delete(file);
          collected = collected.plus(new Collected(0, 1, bytes));
        }
      }
    }
    return collected;
  }

  private static long size(Path file) throws StoreException {
    try {
      return Files.size(file);
    } catch (IOException failed) {
      throw DiskFailure.of("look at", file, failed);
    }
  }
}
