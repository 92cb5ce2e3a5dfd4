package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.source.BlobStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A blob, or a part of one, that arrives over a connection which may break: what is missing is
/// then asked for again, or skipped to where the server gives the whole only.
final class BlobBody implements BlobStream {

  /// Bytes that have to arrive between two breaks for the tries to count anew, and the part of a
  /// blob that will do instead: a small one may break a few times on its way, too.
  private static final long PROGRESS_BYTES = 1 << 20;

  private static final int PROGRESS_PARTS = 16;

  private final String operation;
  private final Opener opener;
  private final Tries tries;
  private final long size;
  private long end;
  private final Cancellation cancellation;
  private @Nullable Response response;
  private long position;
  private long resumedAt;
  private int breaks;
  private int skips;

  /// The strong entity tag of the answers so far; null when there is none to rely on.
  private @Nullable String tag;

  /// Asks for a part of the blob. The status is 200 or 206, or for less than the whole also one
  /// that means that the server cannot do that.
  interface Opener {
    Response open(Part part, Cancellation cancellation)
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
    this.end = size;
    this.position = offset;
    this.resumedAt = offset;
    this.cancellation = cancellation;
  }

  private BlobBody(BlobBody like, long from, long end, Cancellation cancellation) {
    this.operation = like.operation;
    this.opener = like.opener;
    this.tries = like.tries;
    this.size = like.size;
    this.tag = like.tag;
    this.end = end;
    this.position = from;
    this.resumedAt = from;
    this.cancellation = cancellation;
  }

  /// A part of the same blob, not begun yet.
  ///
  /// @param to the byte after its last one
  BlobBody part(long from, long to, Cancellation work) {
    return new BlobBody(this, from, to, work);
  }

  String operation() {
    return operation;
  }

  Opener opener() {
    return opener;
  }

  long size() {
    return size;
  }

  /// The byte that comes next.
  long position() {
    return position;
  }

  /// The strong entity tag of the answers so far; null when there is none to rely on.
  @Nullable String tag() {
    return tag;
  }

  /// Whether the server says that it gives parts.
  boolean isOfferedInParts() {
    return response != null && Part.areOffered(response);
  }

  /// Goes on beyond its end if the answer does, because the server gave the whole.
  ///
  /// @return whether it does
  boolean extend() {
    if (response == null || response.status() != 200) {
      return false;
    }
    end = size;
    return true;
  }

  static boolean meansNoRanges(int status) {
    return status == 416 || status == 501;
  }

  /// Opens it for the first time.
  void begin() throws ImageException, InterruptedIOException {
    response =
        tries.run(
            () -> {
              Response opened = opener.open(new Part(position, end, size, tag), cancellation);
              if (meansNoRanges(opened.status())) {
                Http.discard(opened);
                opened = opener.open(Part.whole(size), cancellation);
              }
              return positioned(opened);
            },
            cancellation);
  }

  /// Opens it for the first time, after another way to have it failed.
  ///
  /// @param failure how; null when it did not
  void begin(@Nullable ImageException failure) throws ImageException, InterruptedIOException {
    if (failure != null && failure.retryable() && tries.retries().attempts() > 1) {
      tries.await(1, failure, cancellation);
    }
    begin();
  }

  /// The answer, standing at the position.
  private Response positioned(Response opened) throws ImageException, InterruptedIOException {
    try {
      if (opened.status() == 206) {
        refuseOtherRange(opened);
      } else if (position > 0) {
        skip(opened);
      }
      // One that changed once, on servers that are several, would have us read all of it each time.
      tag = skips == 0 ? Part.tagOf(opened) : null;
      return opened;
    } catch (ImageException | InterruptedIOException failed) {
      opened.close();
      throw failed;
    }
  }

  /// A part has to be the one that was asked for (RFC 9110, 14.4).
  private void refuseOtherRange(Response part) throws TransferException {
    if (!new Part(position, end, size, null).isIn(part)) {
      throw TransferException.lasting(
          "%s: expected the bytes from %d to %d, got another part"
              .formatted(operation, position, end - 1),
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
      if (isPart() && position == end) {
        open.close();
        return -1;
      }
      try {
        int count = readWithin(open, into);
        if (count < 0 && position < end && (isPart() || !open.tellsItsEnd())) {
          throw new EOFException("the server closed the connection before the blob's end");
        }
        position += Math.max(count, 0);
        return count;
      } catch (IOException broken) {
        boolean wanted = cancellation.isCancelled() || broken instanceof InterruptedIOException;
        if (position >= end && !wanted) {
          open.close();
          return -1; // all of it came, whatever the server had to add
        }
        resume(open, broken);
      }
    }
  }

  /// Whether it ends before the blob does.
  private boolean isPart() {
    return end < size;
  }

  private int readWithin(Response open, ByteBuffer into) throws IOException {
    if (!isPart()) {
      return open.read(into);
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + (end - position)));
    try {
      return open.read(into);
    } finally {
      into.limit(limit);
    }
  }

  private void resume(Response open, IOException broken)
      throws ImageException, InterruptedIOException {
    open.close();
    ImageException failure = Http.failure(operation, broken, cancellation);
    long progress = Math.min(PROGRESS_BYTES, size / PROGRESS_PARTS + 1);
    breaks = position - resumedAt >= progress ? 1 : breaks + 1;
    resumedAt = position;
    if (!failure.retryable() || breaks >= tries.retries().attempts()) {
      throw failure;
    }
    tries.await(breaks, failure, cancellation);
    begin();
  }

  @Override
  public void close() {
    cancellation.close();
  }
}
