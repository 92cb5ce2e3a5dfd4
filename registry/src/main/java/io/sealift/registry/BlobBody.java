package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.source.BlobStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A blob that arrives over a connection which may break: what is missing is then asked for again,
/// or skipped to where the server gives the whole only.
final class BlobBody implements BlobStream {

  /// Bytes that have to arrive between two breaks for the tries to count anew, and the part of a
  /// blob that will do instead: a small one may break a few times on its way, too.
  private static final long PROGRESS_BYTES = 1 << 20;

  private static final int PROGRESS_PARTS = 16;

  /// Characters of an entity tag; those of storage services have some seventy.
  private static final int MAX_TAG_LENGTH = 256;

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

  /// The strong entity tag of the answers so far; null when there is none to rely on.
  private @Nullable String tag;

  /// Asks for the blob from an offset on. The status is 200 or 206, or for an offset also one that
  /// means that the server cannot do that.
  interface Opener {
    Response open(Part part, Cancellation cancellation)
        throws ImageException, InterruptedIOException;
  }

  /// The part of a blob from an offset to the end.
  ///
  /// @param tag of what the bytes before it are from: if that is another meanwhile, the whole is
  ///   wanted (RFC 9110, 13.1.5)
  record Part(long from, @Nullable String tag) {

    Map<String, String> headers() {
      if (from == 0) {
        return Map.of();
      }
      String range = "bytes=" + from + "-";
      return tag == null ? Map.of("Range", range) : Map.of("Range", range, "If-Range", tag);
    }
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
              Response opened = opener.open(new Part(position, tag), cancellation);
              if (meansNoRanges(opened.status())) {
                Http.discard(opened);
                opened = opener.open(new Part(0, null), cancellation);
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
      // One that changed once, on servers that are several, would have us read all of it each time.
      tag = skips == 0 ? strongTag(opened) : null;
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

  /// Null when there is none. Only characters that a tag may have go back to a server.
  private static @Nullable String strongTag(Response answer) {
    String found = answer.header("etag").orElse("");
    boolean sound =
        found.length() > 2
            && found.length() <= MAX_TAG_LENGTH
            && found.indexOf('"', 1) == found.length() - 1
            && found.charAt(0) == '"'
            && found.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return sound ? found : null;
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
        if (count < 0 && position < size && !open.tellsItsEnd()) {
          throw new EOFException("the server closed the connection before the blob's end");
        }
        position += Math.max(count, 0);
        return count;
      } catch (IOException broken) {
        boolean wanted = cancellation.isCancelled() || broken instanceof InterruptedIOException;
        if (position >= size && !wanted) {
          open.close();
          return -1; // all of it came, whatever the server had to add
        }
        resume(open, broken);
      }
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
    tries.await(breaks, null, cancellation);
    begin();
  }

  @Override
  public void close() {
    cancellation.close();
  }
}
