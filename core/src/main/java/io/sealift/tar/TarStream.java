package io.sealift.tar;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of an archive as one sequence, whatever pieces the source gives them in.
final class TarStream {

  private final TarSource source;
  private @Nullable ByteBuffer buffer;
  private int at;
  private int end;
  private long position;
  private boolean ended;

  TarStream(TarSource source) {
    this.source = source;
  }

  /// Bytes taken so far.
  long position() {
    return position;
  }

  /// Copies up to `length` bytes, fewer only where the source ends.
  ///
  /// @return bytes copied
  int read(byte[] into, int offset, int length) throws ImageException, InterruptedIOException {
    int copied = 0;
    while (copied < length) {
      ByteBuffer from = fill();
      if (from == null) {
        break;
      }
      int count = Math.min(length - copied, end - at);
      from.limit(end).get(at, into, offset + copied, count);
      take(count);
      copied += count;
    }
    return copied;
  }

  /// The source's own buffer, set to the next bytes, at least one and at most `max`; valid until
  /// the next call of any method. Null where the source ends.
  @Nullable ByteBuffer slice(long max) throws ImageException, InterruptedIOException {
    ByteBuffer from = fill();
    if (from == null) {
      return null;
    }
    int count = (int) Math.min(max, end - at);
    from.limit(at + count).position(at);
    take(count);
    return from;
  }

  /// Passes over bytes, fewer than `count` only where the source ends.
  ///
  /// @return bytes passed over
  long skip(long count) throws ImageException, InterruptedIOException {
    long skipped = 0;
    while (skipped < count) {
      if (at == end) {
        long far = source.skip(count - skipped);
        position += far;
        skipped += far;
        if (skipped == count || fill() == null) {
          break;
        }
      }
      int near = (int) Math.min(count - skipped, end - at);
      take(near);
      skipped += near;
    }
    return skipped;
  }

  private void take(int count) {
    at += count;
    position += count;
  }

  /// The buffer with at least one byte left in it. A source that ended is not asked again.
  private @Nullable ByteBuffer fill() throws ImageException, InterruptedIOException {
    while (at == end) {
      buffer = ended ? null : source.next();
      if (buffer == null) {
        ended = true;
        return null;
      }
      at = buffer.position();
      end = buffer.limit();
    }
    return buffer;
  }
}
