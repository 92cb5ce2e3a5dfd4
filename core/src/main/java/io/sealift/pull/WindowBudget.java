package io.sealift.pull;

import io.sealift.codec.Decompressor;
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

  private final int all;
  private final Semaphore units;

  /// @param bytes for all windows
  WindowBudget(int bytes) {
    all = bytes / UNIT;
    units = new Semaphore(all, true);
  }

  /// What the stream of one layer has of it, until it is closed. For one thread.
  final class Share implements Decompressor.Windows, AutoCloseable {

    private int held;

    private Share() {}

    /// Gives back what it has before it waits for more, so that two that want more do not wait for
    /// each other.
    @Override
    public void need(long bytes) throws InterruptedIOException {
      int wanted = (int) Math.min(Math.ceilDiv(bytes, (long) UNIT), all);
      if (wanted <= held) {
        return;
      }
      close();
      try {
        units.acquire(wanted);
        held = wanted;
      } catch (InterruptedException interrupted) {
        throw TaskGroup.cancellation(interrupted);
      }
    }

    @Override
    public void close() {
      units.release(held);
      held = 0;
    }
  }

  /// A share with nothing in it.
  Share open() {
    return new Share();
  }
}
