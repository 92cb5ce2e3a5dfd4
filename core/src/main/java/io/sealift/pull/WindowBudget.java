package io.sealift.pull;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/// Memory for the windows of decompressors, which the layers that are worked on side by side share:
/// one that finds too little left waits until another is done. A window larger than all of it takes
/// all of it. Thread-safe; who waits longest is next.
final class WindowBudget {

  /// Bytes for all windows: one as zstd's slowest levels want it, or four as its usual ones do.
  /// Three of the former, which is what layers side by side would take without this, are a fifth of
  /// the memory of a pull, and over a fast network gain no time.
  static final int BYTES = 8 << 20;

  private static final int UNIT = 1024;

  private final Semaphore units = new Semaphore(BYTES / UNIT, true);

  /// Part of the memory, until it is closed.
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes memory for a window, and waits for it.
  Share take(long bytes) throws InterruptedIOException {
    int wanted = Math.ceilDiv((int) Math.min(bytes, BYTES), UNIT);
    try {
      units.acquire(wanted);
    } catch (InterruptedException interrupted) {
      throw TaskGroup.cancellation(interrupted);
    }
    return () -> units.release(wanted);
  }
}
