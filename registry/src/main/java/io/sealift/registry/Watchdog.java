package io.sealift.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Aborts what does not keep its deadline: connections, and whole pieces of work. A channel gives
/// its bytes without a copy but knows no time-outs, and a time-out for each read would not bound a
/// head that comes byte by byte. One thread looks after all of them; it starts with the first and
/// ends with {@link #close}.
final class Watchdog implements AutoCloseable {

  /// How late a deadline may be noticed: 100 ms.
  private static final long TICK_NANOS = 100_000_000;

  /// Something with a deadline.
  interface Watched {

    /// Ends it if its time is over.
    void abortIfLate();

    /// Ends it at once.
    void abort();
  }

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;
  private volatile boolean closed;

  synchronized void watch(Watched one) {
    watched.add(one);
    if (closed) {
      one.abort();
    } else if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("registry watchdog").start(this::look);
    }
  }

  void forget(Watched one) {
    watched.remove(one);
  }

  private void look() {
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      watched.forEach(Watched::abortIfLate);
    }
  }

  /// Aborts all of them.
  @Override
  public synchronized void close() {
    closed = true;
    watched.forEach(Watched::abort);
    LockSupport.unpark(thread);
  }
}
