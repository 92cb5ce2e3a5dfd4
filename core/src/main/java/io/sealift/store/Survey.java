package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.store.StoreLock.Held;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a store holds, at one moment at which nobody records anything, and what of it is to stay.
final class Survey {

  private final Layers layers;
  private final StoreLock locks;
  private final List<MountFile> mounts;

  /// Images that stay, so far.
  private final List<ImageRecord> staying;

  private final List<ImageRecord> going = new ArrayList<>();

  /// Bytes of the tar of every layer that there is.
  private final Map<DiffId, Long> sizes = new HashMap<>();

  private Survey(
      Layers layers, StoreLock locks, List<MountFile> mounts, List<ImageRecord> staying) {
    this.layers = layers;
    this.locks = locks;
    this.mounts = mounts;
    this.staying = staying;
  }

  /// @throws StoreException when a record cannot be read: what that one needs is not known
  static Survey of(Images images, Layers layers, Mounts mounts, StoreLock locks)
      throws StoreException {
    Survey survey = new Survey(layers, locks, mounts.all(), new ArrayList<>(images.all()));
    for (DiffId layer : layers.all()) {
      survey.sizes.put(layer, survey.tarBytes(layer));
    }
    return survey;
  }

  /// A layer that cannot be read takes what nobody knows; checking finds it.
  private long tarBytes(DiffId layer) {
    try {
      return layers.find(layer).map(StoredLayer::tarBytes).orElse(0L);
    } catch (StoreException unreadable) {
      return 0;
    }
  }

  /// Decides which images go.
  void apply(Retention retention) throws StoreException {
    List<ImageRecord> oldestFirst = new ArrayList<>(staying);
    oldestFirst.sort(Comparator.comparing(ImageRecord::lastUsed));
    for (ImageRecord image : oldestFirst) {
      boolean old =
          retention.unusedSince() != null && image.lastUsed().isBefore(retention.unusedSince());
      boolean large = retention.maxBytes() != null && neededBytes() > retention.maxBytes();
      if ((old || large) && isFree(image)) {
        staying.remove(image);
        going.add(image);
      }
    }
  }

  private boolean isFree(ImageRecord image) throws StoreException {
    if (image.pinned() || Set.copyOf(Mounts.blobs(mounts)).contains(image.manifestDigest())) {
      return false;
    }
    Optional<Held> alone = Claims.alone(locks, image.manifestDigest());
    alone.ifPresent(Held::close);
    return alone.isPresent();
  }

  /// Images that go, the one unused for longest first.
  List<ImageRecord> going() {
    return List.copyOf(going);
  }

  /// Every layer that there is.
  Set<DiffId> all() {
    return sizes.keySet();
  }

  /// Those that images which stay and live mounts need.
  Set<DiffId> neededLayers() {
    Set<DiffId> needed = new HashSet<>();
    staying.forEach(image -> needed.addAll(image.layers()));
    mounts.forEach(mount -> needed.addAll(mount.layers()));
    return needed;
  }

  Set<Digest> neededBlobs() {
    Set<Digest> needed = new HashSet<>(Mounts.blobs(mounts));
    for (ImageRecord image : staying) {
      needed.add(image.manifestDigest());
      needed.add(image.imageId());
    }
    return needed;
  }

  /// Manifests of images that stay.
  Set<Digest> manifests() {
    Set<Digest> manifests = new HashSet<>();
    staying.forEach(image -> manifests.add(image.manifestDigest()));
    return manifests;
  }

  private long neededBytes() {
    return bytes(neededLayers());
  }

  long bytes(Set<DiffId> some) {
    return some.stream().mapToLong(layer -> sizes.getOrDefault(layer, 0L)).sum();
  }
}
