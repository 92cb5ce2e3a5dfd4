package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Whether there is room in a store for the layers of one image: on its file system, which on tmpfs
/// is memory of the machine, and within a limit of the store's own. Thread-safe.
///
/// How large a layer is when it is unpacked stands nowhere, and what an image says of it could be
/// wrong on purpose. Refused at once is therefore only what has no room as it is packed, and packed
/// it is hardly ever larger. Everything else begins, and ends when there is no room any more,
/// before the file system is full.
public final class Room {

  /// Bytes of the file system that stay free: for records and logs, and for what files take besides
  /// their content. Of a small file system it is a twentieth.
  static final long RESERVE_BYTES = 32L << 20;

  private static final int RESERVE_PART = 20;

  private final Layout layout;
  private final Disk disk;
  private final Layers layers;
  private final Occupancy occupancy;
  private final String image;
  private final long limit;

  /// Bytes that each layer of the image takes at least, those that the store had not.
  private final Map<DiffId, Long> atLeast = new ConcurrentHashMap<>();

  /// Bytes of tar of them that came so far, and are still there. Changed and read together with the
  /// occupancy under the lock of this object, so that the same bytes count in both.
  private final Map<DiffId, Long> soFar = new ConcurrentHashMap<>();

  Room(Layout layout, Disk disk, Layers layers, Occupancy occupancy, String image, long limit) {
    this.layout = layout;
    this.disk = disk;
    this.layers = layers;
    this.occupancy = occupancy;
    this.image = image;
    this.limit = limit;
  }

  /// Says that a layer is about to be brought in unless the store has it.
  ///
  /// @param packedBytes its size in the manifest
  public void expect(DiffId layer, long packedBytes) {
    if (!Files.exists(layers.directory(layer))) {
      atLeast.put(layer, packedBytes);
    }
  }

  /// @throws StoreException when there is no room for what is expected
  public void require() throws StoreException {
    if (isLimited()) {
      occupancy.survey(layers);
    }
    if (needed() > 0) {
      check(needed());
    }
  }

  /// The layer grows from now on, until it is closed.
  ///
  /// @param besides whether the store has the layer, and this one is only to prove that its source
  ///   has it, too
  public Growth begin(DiffId layer, boolean besides) {
    return new Growth(layer, besides);
  }

  /// A layer on its way in.
  public final class Growth implements AutoCloseable {

    private final DiffId layer;
    private final boolean besides;
    private long came;
    private long written;
    private long pending;
    private boolean committed;

    private Growth(DiffId layer, boolean besides) {
      this.layer = layer;
      this.besides = besides;
    }

    /// Says that so many bytes of its tar came so far, and are about to be written.
    ///
    /// @throws StoreException when there is no room for them
    public void to(long tarBytes) throws StoreException {
      pending(tarBytes, tarBytes < came ? 0 : written); // fewer: it began anew
      synchronized (Room.this) {
        soFar.put(layer, tarBytes);
        atLeast.merge(layer, tarBytes, Math::max);
        if (isLimited()) {
          occupancy.grow(layer, tarBytes, besides);
        }
      }
      check(0);
    }

    /// Says that so many of those bytes were written.
    public void written(long tarBytes) {
      pending(came, tarBytes);
    }

    private synchronized void pending(long nowCame, long nowWritten) {
      long before = pending;
      came = nowCame;
      written = nowWritten;
      pending = Math.max(0, came - written);
      occupancy.pending(pending - before);
    }

    /// Says that the store has it now.
    public void committed(long tarBytes) {
      occupancy.committed(layer, tarBytes);
      committed = true;
    }

    @Override
    public void close() {
      pending(0, 0);
      synchronized (Room.this) {
        occupancy.end(layer);
        if (!committed) {
          soFar.remove(layer);
        }
      }
    }
  }

  private boolean isLimited() {
    return limit != Long.MAX_VALUE;
  }

  /// @param more bytes besides those that came so far
  private void check(long more) throws StoreException {
    Optional<Disk.Space> space = disk.space(layout.root());
    if (space.isPresent()) {
      long left = space.get().usable() - reserve(space.get()) - occupancy.pending();
      if (left < more) {
        throw refusal(
            "the file system of %s has room for %s of that"
                .formatted(layout.root(), mebibytes(left + came())));
      }
    }
    if (isLimited() && limit - occupancy.bytes() < more) {
      occupancy.survey(layers); // others may have collected something
      long left;
      long came;
      synchronized (this) {
        left = limit - occupancy.bytes();
        came = came();
      }
      if (left < more) {
        throw refusal(
            "the store %s may have no more than %s (--store-limit), which leaves room for %s of that"
                .formatted(layout.root(), mebibytes(limit), mebibytes(left + came)));
      }
    }
  }

  private static long reserve(Disk.Space space) {
    return Math.min(RESERVE_BYTES, space.total() / RESERVE_PART);
  }

  private StoreException refusal(String found) {
    return new StoreException(
        "store %s: its layers take at least %s, %s; make room with 'sealift gc', or choose another store with --work-dir"
            .formatted(image, mebibytes(needed()), found));
  }

  private long needed() {
    return sum(atLeast);
  }

  private long came() {
    return sum(soFar);
  }

  private static long sum(Map<DiffId, Long> bytes) {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", Math.max(0, bytes) / (double) (1 << 20));
  }
}
