package io.sealift.pull;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A ring of direct buffers between one thread that fills them and several that read each of them:
/// filled once, read by all readers, used again. Waiting ends when the thread is interrupted.
final class BufferRing {

  /// Bytes of a buffer; between 64 KiB and 1 MiB it makes no difference.
  static final int BUFFER_BYTES = 256 * 1024;

  /// Buffers of a ring: what keeps a stage busy while another waits for its processor.
  private static final int BUFFERS = 6;

  /// Bytes of a ring.
  static final long BYTES = (long) BUFFERS * BUFFER_BYTES;

  private final ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
  private final long[] read;
  private long filled;
  private boolean claimed;
  private boolean ended;

  BufferRing(int readers) {
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = ByteBuffer.allocateDirect(BUFFER_BYTES);
    }
    read = new long[readers];
  }

  /// Makes the ring new for the next stream; only while no thread uses it.
  synchronized void reset() {
    java.util.Arrays.fill(read, 0);
    filled = 0;
    claimed = false;
    ended = false;
  }

  /// The buffer to fill next, empty at first; the same one until {@link #publish}.
  synchronized ByteBuffer claim() throws InterruptedIOException {
    ByteBuffer buffer = buffers[(int) (filled % BUFFERS)];
    if (!claimed) {
      try {
        while (filled - slowest() == BUFFERS) {
          wait();
        }
      } catch (InterruptedException interrupted) {
        throw TaskGroup.cancellation(interrupted);
      }
      buffer.clear();
      claimed = true;
    }
    return buffer;
  }

  /// Hands the claimed buffer to the readers, from its start to its position.
  synchronized void publish() {
    buffers[(int) (filled % BUFFERS)].flip();
    filled++;
    claimed = false;
    notifyAll();
  }

  /// Says that no more buffers come.
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /// The `number`th buffer for a reader, who thereby gives the ones before it back; null at the
  /// end. The contents are valid until the reader's next call.
  synchronized @Nullable ByteBuffer next(int reader, long number) throws InterruptedIOException {
    read[reader] = number;
    notifyAll();
    try {
      while (number >= filled && !ended) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      throw TaskGroup.cancellation(interrupted);
    }
    if (number >= filled) {
      return null;
    }
    return buffers[(int) (number % BUFFERS)].duplicate();
  }

  private long slowest() {
    long slowest = Long.MAX_VALUE;
    for (long number : read) {
      slowest = Math.min(slowest, number);
    }
    return slowest;
  }
}
