package io.sealift.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Aborts connections whose servers do not keep their deadlines. A channel gives its bytes without
/// a copy but knows no time-outs, and a time-out for each read would not bound a head that comes
/// byte by byte. One thread looks after all connections; it starts with the first and ends with
/// {@link #close}.
final class Watchdog implements AutoCloseable {

  /// How late a deadline may be noticed: 100 ms.
  private static final long TICK_NANOS = 100_000_000;

  private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;
  private volatile boolean closed;

  synchronized void watch(Connection connection) {
    watched.add(connection);
    if (closed) {
      connection.abort();
    } else if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("registry watchdog").start(this::look);
    }
  }

  void forget(Connection connection) {
    watched.remove(connection);
  }

  private void look() {
    while (!closed) {
      LockSupport.parkNanos(TICK_NANOS);
      watched.forEach(Connection::abortIfLate);
    }
  }

  /// Aborts all connections.
  @Override
  public synchronized void close() {
    closed = true;
    watched.forEach(Connection::abort);
    LockSupport.unpark(thread);
  }
}
