package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.TransferException;
import io.sealift.source.BlobStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A blob that arrives over a connection which may break: what is missing is then asked for again.
final class BlobBody implements BlobStream {

  /// Bytes that have to arrive between two breaks for the tries to count anew.
  private static final long PROGRESS_BYTES = 1 << 20;

  private final String operation;
  private final Opener opener;
  private final Tries tries;
  private final long size;
  private @Nullable Response response;
  private long position;
  private long resumedAt;
  private int breaks;
  private volatile boolean closed;

  /// Asks for the blob from an offset on.
  interface Opener {
    Response open(long from) throws ImageException, InterruptedIOException;
  }

  BlobBody(String operation, Opener opener, Tries tries, long size, long offset) {
    this.operation = operation;
    this.opener = opener;
    this.tries = tries;
    this.size = size;
    this.position = offset;
    this.resumedAt = offset;
  }

  /// Opens it for the first time.
  void begin() throws ImageException, InterruptedIOException {
    tries.run(() -> {
      connect();
      return this;
    });
  }

  private void connect() throws ImageException, InterruptedIOException {
    Response opened = opener.open(position);
    try {
      long start = opened.status() == 206 ? start(opened) : 0;
      if (start > position) {
        throw wrongRange(opened);
      }
      skip(opened, position - start);
    } catch (ImageException | InterruptedIOException | RuntimeException failed) {
      opened.close();
      throw failed;
    }
    synchronized (this) {
      response = opened;
    }
    if (closed) {
      opened.close();
    }
  }

  /// Where a part begins: `bytes FIRST-LAST/SIZE` (RFC 9110 §14.4).
  private long start(Response part) throws IntegrityException {
    String range = part.header("content-range").orElse("");
    int dash = range.indexOf('-');
    int slash = range.indexOf('/');
    if (!range.startsWith("bytes ") || dash < 7 || dash > 24 || slash < dash) {
      throw wrongRange(part);
    }
    try {
      long start = Long.parseLong(range.substring(6, dash));
      String whole = range.substring(slash + 1);
      if (start != position || !(whole.equals("*") || Long.parseLong(whole) == size)) {
        throw wrongRange(part);
      }
      return start;
    } catch (NumberFormatException malformed) {
      throw wrongRange(part);
    }
  }

  private IntegrityException wrongRange(Response part) {
    return new IntegrityException(
        "%s: expected the part from byte %d of %d, got '%s'"
            .formatted(operation, position, size, part.header("content-range").orElse("")));
  }

  /// Passes over what came before, when the server gives the whole instead of a part.
  private void skip(Response from, long count) throws ImageException, InterruptedIOException {
    ByteBuffer scrap = ByteBuffer.allocate(64 * 1024);
    long left = count;
    try {
      while (left > 0) {
        scrap.clear().limit((int) Math.min(left, scrap.capacity()));
        int read = from.read(scrap);
        if (read < 0) {
          throw TransferException.passing(operation + ": shorter than before", null);
        }
        left -= read;
      }
    } catch (IOException broken) {
      throw Http.failure(operation, broken);
    }
  }

  @Override
  public int read(ByteBuffer into) throws ImageException, InterruptedIOException {
    while (true) {
      Response open = response;
      if (open == null) {
        throw new IllegalStateException("not begun");
      }
      try {
        int count = open.read(into);
        if (count < 0 && position < size && !closed) {
          throw new IOException("ended after %d of %d bytes".formatted(position, size));
        }
        position += Math.max(count, 0);
        return count;
      } catch (IOException broken) {
        resume(broken);
      }
    }
  }

  private void resume(IOException broken) throws ImageException, InterruptedIOException {
    if (closed) {
      throw new InterruptedIOException("closed");
    }
    TransferException failure = Http.failure(operation, broken);
    breaks = position - resumedAt >= PROGRESS_BYTES ? 1 : breaks + 1;
    resumedAt = position;
    if (!failure.retryable() || breaks == Tries.MAX) {
      throw failure;
    }
    tries.await(breaks, Duration.ZERO);
    begin();
  }

  @Override
  public void close() {
    closed = true;
    Response open;
    synchronized (this) {
      open = response;
    }
    if (open != null) {
      open.close();
    }
  }
}
