package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.snapshot.Snapshotter.Usage;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells again and again what the images of one store take of its disk. A layer never changes, so
/// its tree is walked once; what is remembered of it is forgotten with its last image. Thread-safe.
public final class UsageMeter {

  private final Map<DiffId, Usage> known = new ConcurrentHashMap<>();

  /// What the layers of all images take, each counted once, together with manifests and configs.
  /// Layers that wait for a collection, or for their image to be complete, are not counted.
  public Usage measure(Store store) throws StoreException {
    Set<DiffId> layers = new HashSet<>();
    store.images().forEach(image -> layers.addAll(image.layers()));
    known.keySet().retainAll(layers);
    Usage documents = store.documentsUsage();
    long bytes = documents.bytes();
    long inodes = documents.inodes();
    for (DiffId layer : layers) {
      Usage usage = known.get(layer);
      if (usage == null) {
        usage = store.usage(layer);
        known.put(layer, usage);
      }
      bytes += usage.bytes();
      inodes += usage.inodes();
    }
    return new Usage(bytes, inodes);
  }
}
