package io.sealift.registry;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The end of some work before its time, by another thread or because it took too long: aborts the
/// connection it uses at the moment, and the pauses it makes. Thread-safe.
final class Cancellation implements Watchdog.Watched, AutoCloseable {

  private final Watchdog watchdog;
  private final @Nullable Duration limit;
  private final @Nullable Cancellation whole;
  private final boolean hasty;
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Set<Cancellation> parts = new HashSet<>();
  private final long begun = System.nanoTime();
  private volatile boolean late;
  private @Nullable Connection current;

  /// All work of somebody.
  ///
  /// @param limit what each part of it may take; null for as long as it likes
  Cancellation(Watchdog watchdog, @Nullable Duration limit) {
    this(watchdog, limit, null, false);
  }

  private Cancellation(
      Watchdog watchdog, @Nullable Duration limit, @Nullable Cancellation whole, boolean hasty) {
    this.watchdog = watchdog;
    this.limit = limit;
    this.whole = whole;
    this.hasty = hasty;
  }

  /// A part of the work: ends with it, alone, or when its time is over. Whoever does it closes it
  /// when it is done.
  Cancellation part() {
    return part(false);
  }

  /// A part that does not wait for a connection when as many as there may be are in use.
  Cancellation hastyPart() {
    return part(true);
  }

  private Cancellation part(boolean inHaste) {
    Cancellation part = new Cancellation(watchdog, limit, this, inHaste);
    synchronized (this) {
      parts.add(part);
      if (isCancelled()) {
        part.cancel();
      }
    }
    if (limit != null) {
      watchdog.watch(part);
    }
    return part;
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

  /// Ends all parts before the first connection: what one of them gives up is for none of the
  /// others.
  void cancel() {
    end();
    abortConnections();
  }

  private synchronized void end() {
    cancelled.countDown();
    parts.forEach(Cancellation::end);
  }

  private synchronized void abortConnections() {
    if (current != null) {
      current.abort();
    }
    parts.forEach(Cancellation::abortConnections);
  }

  @Override
  public void abort() {
    cancel();
  }

  @Override
  public void abortIfLate() {
    if (limit != null && System.nanoTime() - begun > limit.toNanos() && !isCancelled()) {
      late = true;
      cancel();
    }
  }

  boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  boolean isHasty() {
    return hasty;
  }

  /// Why, for people: `closed meanwhile`.
  String why() {
    if (whole != null && whole.late) {
      return whole.why();
    }
    return late && limit != null
        ? "took longer than the %s s that it may take as a whole".formatted(Timeouts.seconds(limit))
        : "closed meanwhile";
  }

  /// Waits.
  ///
  /// @throws InterruptedException when cancelled, or when the thread was interrupted
  void await(Duration delay) throws InterruptedException {
    if (cancelled.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("cancelled");
    }
  }

  /// The work is done, or not wanted any more.
  @Override
  public void close() {
    cancel();
    watchdog.forget(this);
    if (whole != null) {
      whole.forget(this);
    }
  }

  private synchronized void forget(Cancellation part) {
    parts.remove(part);
  }
}
