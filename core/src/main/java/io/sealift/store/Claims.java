package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.Digest;
import io.sealift.store.StoreLock.Held;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What one open store is about to need, though no record says so yet: layers from the moment they
/// are leased, images from the moment they are admitted, until {@link #close}, which drops them
/// all. A collection takes only what it has alone, so that neither has to wait for the other.
/// Thread-safe.
///
/// A claim is a byte of the lock file that is locked shared. Digests that begin alike share a byte:
/// then a collection spares what it could have taken, and that is all.
final class Claims implements AutoCloseable {

  /// Where the bytes of claims begin in the lock file; leases are below, mounts above.
  private static final long FIRST_POSITION = 1L << 62;

  private final StoreLock locks;
  private final Map<Long, Held> held = new HashMap<>();

  Claims(StoreLock locks) {
    this.locks = locks;
  }

  /// Claims what has this digest; waits while a collection is just taking it. Nothing happens when
  /// it is claimed already.
  synchronized void add(Digest digest) throws StoreException {
    long position = position(digest);
    if (!held.containsKey(position)) {
      held.put(position, share(locks, digest));
    }
  }

  /// A claim of its own, until it is closed.
  static Held share(StoreLock locks, Digest digest) throws StoreException {
    return locks.acquireUninterruptibly(position(digest), true);
  }

  /// The right to take what has this digest; empty when anybody claims it.
  static Optional<Held> alone(StoreLock locks, Digest digest) throws StoreException {
    return locks.tryAcquire(position(digest));
  }

  private static long position(Digest digest) {
    return FIRST_POSITION + (Long.parseUnsignedLong(digest.hex(), 0, 16, 16) >>> 4);
  }

  @Override
  public synchronized void close() {
    held.values().forEach(Held::close);
    held.clear();
  }
}
