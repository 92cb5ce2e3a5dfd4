package io.sealift.wire;

import java.time.Duration;

/// Counts the calls that are being answered, and lets no more in once it was shut. Thread-safe.
final class Turnstile {

  private boolean shut;
  private int inside;

  /// Whether a call may begin, which then has to {@link #leave}.
  synchronized boolean enter() {
    if (shut) {
      return false;
    }
    inside++;
    return true;
  }

  synchronized void leave() {
    inside--;
    notifyAll();
  }

  /// Lets no more in and waits until all have left.
  ///
  /// @return whether they did in time
  synchronized boolean shut(Duration patience) throws InterruptedException {
    shut = true;
    long deadline = System.nanoTime() + patience.toNanos();
    while (inside > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // At least one: 0 would be for ever.
      wait(Math.max(1, left / 1_000_000));
    }
    return true;
  }
}
