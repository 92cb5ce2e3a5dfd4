package io.sealift.pull;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// The buffers of layers that are worked on at once, by whatever pulls of one client: a layer
/// without waits for them. They lie outside of the Java heap, where nobody would collect them in
/// time, and are used again and again. Thread-safe; who waits longest is next.
final class LayerBuffers {

  /// Bytes of the buffers of one layer.
  static final long BYTES_EACH = BufferRing.BYTES + BufferRing.BUFFER_BYTES;

  /// Whoever reads plain bytes: the digest and the unpacker.
  private static final int READERS = 2;

  private final Semaphore layers;
  private final Deque<Buffers> idle = new ArrayDeque<>();

  /// @param layers how many at once
  LayerBuffers(int layers) {
    this.layers = new Semaphore(layers, true);
  }

  /// @param plain from decompression to its readers
  /// @param packed as bytes arrive
  private record Buffers(BufferRing plain, ByteBuffer packed) {}

  /// Those of one layer, until it is closed.
  final class Loan implements AutoCloseable {

    private final Buffers buffers;

    private Loan(Buffers buffers) {
      this.buffers = buffers;
    }

    BufferRing plain() {
      return buffers.plain;
    }

    ByteBuffer packed() {
      return buffers.packed;
    }

    /// Only when no thread uses them any more.
    @Override
    public void close() {
      synchronized (idle) {
        idle.push(buffers);
      }
      layers.release();
    }
  }

  /// Waits for buffers.
  Loan take() throws InterruptedIOException {
    try {
      layers.acquire();
    } catch (InterruptedException interrupted) {
      throw TaskGroup.cancellation(interrupted);
    }
    boolean done = false;
    try {
      Buffers buffers;
      synchronized (idle) {
        buffers = idle.poll();
      }
      if (buffers == null) {
        buffers =
            new Buffers(
                new BufferRing(READERS), ByteBuffer.allocateDirect(BufferRing.BUFFER_BYTES));
      }
      done = true;
      return new Loan(buffers);
    } finally {
      if (!done) {
        layers.release();
      }
    }
  }
}
