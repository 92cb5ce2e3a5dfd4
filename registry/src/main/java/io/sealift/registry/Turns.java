package io.sealift.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many connections are spoken over at once, to each server: registries answer too many with
/// status 429, and a small server with silence. Thread-safe.
final class Turns {

  /// How late a cancellation may be noticed by who waits: 100 ms.
  private static final long TICK_MILLIS = 100;

  private final int perServer;
  private final Map<Endpoint, Integer> taken = new HashMap<>();

  Turns(int perServer) {
    this.perServer = perServer;
  }

  /// Waits until the server may have one more connection.
  ///
  /// @param work that wants it, and that may be in too much of a hurry to wait
  /// @throws BusyException when it is
  synchronized Turn take(Endpoint server, Cancellation work) throws IOException {
    while (taken.getOrDefault(server, 0) >= perServer) {
      if (work.isHasty()) {
        throw new BusyException(perServer);
      }
      requireWanted(work);
      try {
        wait(TICK_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        InterruptedIOException cancelled = new InterruptedIOException("cancelled");
        cancelled.initCause(interrupted);
        throw cancelled;
      }
    }
    requireWanted(work);
    taken.merge(server, 1, Integer::sum);
    return new Turn(this, server);
  }

  private static void requireWanted(Cancellation work) throws IOException {
    if (work.isCancelled()) {
      throw new IOException(work.why());
    }
  }

  private synchronized void giveBack(Endpoint server) {
    taken.compute(server, (_, count) -> count == null || count == 1 ? null : count - 1);
    notifyAll();
  }

  /// The right to one connection, until {@link #close}.
  static final class Turn implements AutoCloseable {

    private final Turns turns;
    private final Endpoint server;
    private final AtomicBoolean over = new AtomicBoolean();

    private Turn(Turns turns, Endpoint server) {
      this.turns = turns;
      this.server = server;
    }

    @Override
    public void close() {
      if (!over.getAndSet(true)) {
        turns.giveBack(server);
      }
    }
  }

  /// All connections to a server are in use, and nobody wants to wait.
  static final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    private BusyException(int perServer) {
      super("all " + perServer + " connections are in use");
    }
  }
}
