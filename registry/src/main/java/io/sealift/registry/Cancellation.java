package io.sealift.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The end of some work before its time, by another thread: aborts the connection it uses at the
/// moment, and the pauses it makes. Thread-safe.
final class Cancellation {

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final List<Cancellation> children = new ArrayList<>();
  private @Nullable Connection current;

  /// A part of the work: ends with it, or alone.
  synchronized Cancellation child() {
    Cancellation child = new Cancellation();
    children.add(child);
    if (isCancelled()) {
      child.cancel();
    }
    return child;
  }

  /// From now on the work uses this connection.
  synchronized void attach(Connection connection) {
    current = connection;
    if (isCancelled()) {
      connection.abort();
    }
  }

  /// The work has no use for a connection any more.
  synchronized void detach() {
    current = null;
  }

  synchronized void cancel() {
    cancelled.countDown();
    if (current != null) {
      current.abort();
    }
    children.forEach(Cancellation::cancel);
  }

  boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  /// Waits.
  ///
  /// @throws InterruptedException when cancelled, or when the thread was interrupted
  void await(Duration delay) throws InterruptedException {
    if (cancelled.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("cancelled");
    }
  }
}
