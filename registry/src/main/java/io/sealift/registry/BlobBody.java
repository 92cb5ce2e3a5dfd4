package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.source.BlobStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A blob that arrives over a connection which may break: what is missing is then asked for again,
/// or skipped to where the server gives the whole only.
final class BlobBody implements BlobStream {

  /// Bytes that have to arrive between two breaks for the tries to count anew.
  private static final long PROGRESS_BYTES = 1 << 20;

  private final String operation;
  private final Opener opener;
  private final Tries tries;
  private final long size;
  private final Cancellation cancellation;
  private @Nullable Response response;
  private long position;
  private long resumedAt;
  private int breaks;
  private int skips;

  /// Asks for the blob from an offset on. The status is 200 or 206, or for an offset also one that
  /// means that the server cannot do that.
  interface Opener {
    Response open(long from, Cancellation cancellation)
        throws ImageException, InterruptedIOException;
  }

  BlobBody(
      String operation,
      Opener opener,
      Tries tries,
      long size,
      long offset,
      Cancellation cancellation) {
    this.operation = operation;
    this.opener = opener;
    this.tries = tries;
    this.size = size;
    this.position = offset;
    this.resumedAt = offset;
    this.cancellation = cancellation;
  }

  static boolean meansNoRanges(int status) {
    return status == 416 || status == 501;
  }

  /// Opens it for the first time.
  void begin() throws ImageException, InterruptedIOException {
    response =
        tries.run(
            () -> {
              Response opened = opener.open(position, cancellation);
              if (meansNoRanges(opened.status())) {
                Http.discard(opened);
                opened = opener.open(0, cancellation);
              }
              return positioned(opened);
            },
            cancellation);
  }

  /// The answer, standing at the position.
  private Response positioned(Response opened) throws ImageException, InterruptedIOException {
    try {
      if (opened.status() == 206) {
        refuseOtherRange(opened);
      } else if (position > 0) {
        skip(opened);
      }
      return opened;
    } catch (ImageException | InterruptedIOException failed) {
      opened.close();
      throw failed;
    }
  }

  /// A part has to be the one that was asked for: from the position to the end (RFC 9110, 14.4).
  private void refuseOtherRange(Response part) throws TransferException {
    String found = part.header("content-range").orElse("");
    String range = "bytes " + position + "-" + (size - 1) + "/";
    if (position == 0 || !(found.equals(range + size) || found.equals(range + "*"))) {
      throw TransferException.lasting(
          "%s: expected the bytes from %d to %d, got another part"
              .formatted(operation, position, size - 1),
          null);
    }
  }

  /// Passes over what came before, when the server gives the whole instead of a part. Not often: a
  /// server that breaks off each time would have us read the blob for ever.
  private void skip(Response from) throws ImageException, InterruptedIOException {
    if (++skips > tries.retries().attempts()) {
      throw TransferException.lasting(
          operation + ": broke too often, and the server does not give parts", null);
    }
    ByteBuffer scrap = ByteBuffer.allocate(64 * 1024);
    long left = position;
    try {
      while (left > 0) {
        scrap.clear().limit((int) Math.min(left, scrap.capacity()));
        int read = from.read(scrap);
        if (read < 0) {
          throw new EOFException("shorter than before");
        }
        left -= read;
      }
    } catch (IOException broken) {
      throw Http.failure(operation, broken, cancellation);
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
        position += Math.max(count, 0);
        return count;
      } catch (IOException broken) {
        resume(open, broken);
      }
    }
  }

  private void resume(Response open, IOException broken)
      throws ImageException, InterruptedIOException {
    open.close();
    ImageException failure = Http.failure(operation, broken, cancellation);
    breaks = position - resumedAt >= PROGRESS_BYTES ? 1 : breaks + 1;
    resumedAt = position;
    if (!failure.retryable() || breaks >= tries.retries().attempts()) {
      throw failure;
    }
    tries.await(breaks, null, cancellation);
    begin();
  }

  @Override
  public void close() {
    cancellation.cancel();
  }
}
