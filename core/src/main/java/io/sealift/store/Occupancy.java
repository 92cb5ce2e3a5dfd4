package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import java.util.HashMap;
import java.util.Map;

/// How many bytes of tar the layers of one store have, and those that this process is bringing in;
/// what other processes are bringing in is seen when it is committed. One for each store that a
/// process has open. Thread-safe.
final class Occupancy {

  private final Map<DiffId, Long> present = new HashMap<>();
  private final Map<DiffId, Growing> growing = new HashMap<>();
  private long presentBytes;
  private long pending;

  /// @param besides whether the store has the layer and keeps that one
  private record Growing(long bytes, boolean besides) {}

  /// Looks at what is there now.
  synchronized void survey(Layers layers) throws StoreException {
    Map<DiffId, Long> found = new HashMap<>();
    for (DiffId layer : layers.all()) {
      found.put(layer, layers.find(layer).map(StoredLayer::tarBytes).orElse(0L));
    }
    present.clear();
    present.putAll(found);
    presentBytes = found.values().stream().mapToLong(Long::longValue).sum();
  }

  /// A layer that was committed and not reported yet is both there and growing, and counts once.
  synchronized long bytes() {
    long bytes = presentBytes;
    for (Map.Entry<DiffId, Growing> layer : growing.entrySet()) {
      if (layer.getValue().besides || !present.containsKey(layer.getKey())) {
        bytes += layer.getValue().bytes;
      }
    }
    return bytes;
  }

  synchronized void grow(DiffId layer, long bytes, boolean besides) {
    growing.put(layer, new Growing(bytes, besides));
  }

  /// Bytes of tar that came and are not written yet, more or less.
  synchronized void pending(long more) {
    pending += more;
  }

  synchronized long pending() {
    return pending;
  }

  synchronized void committed(DiffId layer, long bytes) {
    Long before = present.put(layer, bytes);
    presentBytes += bytes - (before == null ? 0 : before);
  }

  /// The layer grows no more, committed or not.
  synchronized void end(DiffId layer) {
    growing.remove(layer);
  }
}
