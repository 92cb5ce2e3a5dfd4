package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.store.Layout.Kind;
import io.sealift.store.StoreLock.Held;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Removes what no image and no registered mount needs, and forgets images before, while others go
/// on pulling:
///
/// | what | is safe because |
/// |---|---|
/// | an image that a pull records, or a mount that it registers | the records are held alone here until everything is out of sight |
/// | a layer that a pull found or brought, and has not recorded yet | it is claimed, and only what is claimed by nobody is taken |
/// | a layer that a pull comes to just now | it waits for its claim, and finds the layer gone |
///
/// What is taken is renamed into staging first, all of it, and removed afterwards.
record Collector(
    Layout layout, Disk disk, Images images, Layers layers, Mounts mounts, Access access) {

  Collected collect(Retention retention) throws StoreException {
    Staging staging = access.staging();
    staging.sweep();
    List<ImageRecord> forgotten;
    List<Path> gone;
    Blobs blobs;
    long remaining;
    try (Held _ = access.records()) {
      Survey survey = Survey.of(images, layers, mounts, access.locks());
      survey.apply(retention);
      forgotten = survey.going();
      for (ImageRecord image : forgotten) {
        images.forget(image);
      }
      dropDanglingNames(survey.manifests());
      Set<DiffId> left = new HashSet<>(survey.all());
      gone = takeLayers(survey, left, staging);
      blobs = collectBlobs(survey.neededBlobs(), false);
      remaining = survey.bytes(left);
    }
    long bytes = blobs.bytes;
    for (Path layer : gone) {
      bytes += layers.snapshotter().usage(layer).bytes();
      layers.snapshotter().remove(layer);
    }
    return new Collected(forgotten, gone.size(), blobs.count, bytes, remaining);
  }

  /// Finds out what {@link #collect} would remove, and changes nothing.
  Collected rehearse(Retention retention) throws StoreException {
    try (Held _ = access.records()) {
      Survey survey = Survey.of(images, layers, mounts, access.locks());
      survey.apply(retention);
      Set<DiffId> left = new HashSet<>(survey.all());
      left.retainAll(survey.neededLayers());
      int count = 0;
      long bytes = 0;
      for (DiffId layer : survey.all()) {
        if (!left.contains(layer)) {
          try (Held alone = Claims.alone(access.locks(), layer.digest()).orElse(null)) {
            if (alone == null) {
              left.add(layer);
            } else {
              count++;
              bytes += layers.snapshotter().usage(layers.directory(layer)).bytes();
            }
          }
        }
      }
      Blobs blobs = collectBlobs(survey.neededBlobs(), true);
      return new Collected(
          survey.going(), count, blobs.count, bytes + blobs.bytes, survey.bytes(left));
    }
  }

  private void dropDanglingNames(Set<Digest> known) throws StoreException {
    for (Map.Entry<String, Names.Entry> name : images.names().all().entrySet()) {
      if (!known.contains(name.getValue().manifest())) {
        images.names().forget(name.getKey());
      }
    }
  }

  /// Renames the layers that nobody needs or claims.
  ///
  /// @param left all layers, of which those that go are removed
  /// @return where they are now; by then it is sure that they never come back
  private List<Path> takeLayers(Survey survey, Set<DiffId> left, Staging staging)
      throws StoreException {
    Set<DiffId> needed = survey.neededLayers();
    List<Path> gone = new ArrayList<>();
    Set<DigestAlgorithm> algorithms = new HashSet<>();
    for (DiffId layer : survey.all()) {
      if (!needed.contains(layer)) {
        try (Held alone = Claims.alone(access.locks(), layer.digest()).orElse(null)) {
          if (alone != null) {
            gone.add(staging.take(layers.directory(layer)));
            left.remove(layer);
            algorithms.add(layer.digest().algorithm());
          }
        }
      }
    }
    for (DigestAlgorithm algorithm : algorithms) {
      disk.sync(layout.directory(Kind.LAYER, algorithm));
    }
    return gone;
  }

  private record Blobs(int count, long bytes) {}

  private Blobs collectBlobs(Set<Digest> needed, boolean rehearsing) throws StoreException {
    int count = 0;
    long bytes = 0;
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.BLOB, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.BLOB, algorithm, file);
        if (digest.isPresent() && !needed.contains(digest.get())) {
          count++;
          bytes += disk.size(file);
          if (!rehearsing) {
            disk.delete(file);
          }
        }
      }
    }
    return new Blobs(count, bytes);
  }
}
