package io.sealift.registry;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How much of one blob may come over several connections side by side, and the memory for it,
/// which one blob at a time has. Thread-safe.
final class Width {

  /// A blob of fewer bytes (32 MiB) is there before a trial could show anything.
  private static final long MIN_BYTES = 32 << 20;

  /// Bytes of a chunk (2 MiB): at 20 MB a second and 20 ms of distance, waiting for the next one
  /// takes a sixth of the time.
  private static final int CHUNK_BYTES = 2 << 20;

  /// Chunks that are held (16 MiB in all), those that come and those that wait for their turn.
  private static final int CHUNKS = 8;

  /// Connections side by side: storage services give some 90 MB a second over each, and four of
  /// these are more than can be unpacked.
  private static final int LANES = 4;

  private final long minBytes;
  private final int chunkBytes;
  private final int chunks;
  private final int lanes;
  private final Function<Supplier<Trial.Sight>, Trial> trials;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private int made;
  private boolean taken;

  Width() {
    this(MIN_BYTES, CHUNK_BYTES, CHUNKS, LANES, MeasuredTrial::new);
  }

  /// @param chunks at least two
  /// @param lanes connections, at least two
  Width(
      long minBytes,
      int chunkBytes,
      int chunks,
      int lanes,
      Function<Supplier<Trial.Sight>, Trial> trials) {
    this.minBytes = minBytes;
    this.chunkBytes = chunkBytes;
    this.chunks = chunks;
    this.lanes = lanes;
    this.trials = trials;
  }

  /// Whether so many bytes are worth more than one connection.
  boolean isWorth(long bytes) {
    return bytes >= minBytes;
  }

  /// @param now the moment
  Trial trial(Supplier<Trial.Sight> now) {
    return trials.apply(now);
  }

  int chunkBytes() {
    return chunkBytes;
  }

  int chunks() {
    return chunks;
  }

  int lanes() {
    return lanes;
  }

  /// Takes the right to several connections, if no other blob has it.
  synchronized boolean take() {
    if (taken) {
      return false;
    }
    taken = true;
    return true;
  }

  synchronized void giveBack() {
    taken = false;
  }

  /// Memory for a chunk, with any content; null when all of it is in use.
  synchronized @Nullable ByteBuffer buffer() {
    ByteBuffer buffer = free.poll();
    if (buffer == null && made < chunks) {
      made++;
      buffer = ByteBuffer.allocateDirect(chunkBytes);
    }
    return buffer;
  }

  synchronized void giveBack(ByteBuffer buffer) {
    free.push(buffer);
  }
}
