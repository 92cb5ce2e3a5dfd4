package io.sealift.unpack;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TarSplit.FileContent;
import io.sealift.unpack.TarSplit.FileContents;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a tar split in the format of {@link TarSplit} and gives the tar's bytes. What is read may
/// have been altered: no number is trusted, and nothing is allocated by one.
final class SplitReader implements AutoCloseable {

  private static final int OUTPUT_BYTES = 256 * 1024;
  private static final int MAX_NUMBER_BYTES = 9;
  private static final byte[] ZERO_BYTES = new byte[4096];

  private final InputStream in;
  private final FileContents files;
  private final UnpackLimits limits;
  private final ByteBuffer out = ByteBuffer.allocateDirect(OUTPUT_BYTES);
  private final byte[][] before = new byte[SplitWriter.ROLES][SplitWriter.BLOCK_BYTES];
  private final byte[] literal = new byte[8 * 1024];

  private byte[] path = {};
  private @Nullable FileContent file;
  private long fileOffset;
  private long zeros;
  private long raw;
  private long content;
  private long tarBytes;
  private boolean begun;
  private boolean ended;

  SplitReader(InputStream split, FileContents files, UnpackLimits limits) {
    this.in = new BufferedInputStream(split, 64 * 1024);
    this.files = files;
    this.limits = limits;
  }

  @Nullable ByteBuffer next() throws ImageException, InterruptedIOException {
    out.clear();
    begin();
    while (out.hasRemaining() && !ended) {
      if (zeros > 0) {
        fillZeros();
      } else if (raw > 0) {
        fillRaw();
      } else if (content > 0) {
        fillContent();
      } else if (!operation()) {
        break;
      }
    }
    out.flip();
    tarBytes += out.remaining();
    if (tarBytes > limits.maxBytes()) {
      throw malformed(
          "expected at most %d bytes of tar (maxBytes), found more".formatted(limits.maxBytes()));
    }
    return out.hasRemaining() ? out : null;
  }

  private void begin() throws ImageException {
    if (!begun) {
      begun = true;
      byte[] magic = new byte[SplitWriter.MAGIC.length];
      read(magic, magic.length);
      if (!Arrays.equals(magic, SplitWriter.MAGIC)) {
        throw malformed("expected SLSPLIT1 at its start, found something else");
      }
    }
  }

  /// Does the next operation; false when the buffer has no room for its block, so that it comes
  /// again.
  private boolean operation() throws ImageException, InterruptedIOException {
    if (out.remaining() < SplitWriter.BLOCK_BYTES) {
      return false;
    }
    int code = read();
    switch (code) {
      case SplitWriter.END -> end();
      case SplitWriter.ZEROS -> zeros = number();
      case SplitWriter.RAW -> raw = number();
      case SplitWriter.BLOCK, SplitWriter.BLOCK + 1, SplitWriter.BLOCK + 2 ->
          block(before[code - SplitWriter.BLOCK]);
      case SplitWriter.FILE -> file();
      case SplitWriter.REGION -> region();
      default -> throw malformed("expected an operation from 0 to 7, found " + code);
    }
    return true;
  }

  private void end() throws ImageException {
    ended = true;
    closeFile();
    try {
      if (in.read() >= 0) {
        throw malformed("expected nothing after the end, found more");
      }
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private void block(byte[] last) throws ImageException {
    long runs = number();
    int at = 0;
    for (long run = 0; run < runs; run++) {
      long gap = number();
      long count = number();
      if (gap > last.length - at || count < 1 || count > last.length - at - gap) {
        throw malformed("expected a run of bytes within a block, found one outside");
      }
      int start = at + (int) gap;
      at = start + (int) count;
      readInto(last, start, (int) count);
    }
    out.put(last);
  }

  private void file() throws ImageException, InterruptedIOException {
    closeFile();
    long shared = number();
    long count = number();
    if (shared > path.length || count > limits.maxPathBytes()) {
      throw malformed("expected a path within its bounds, found a longer one");
    }
    byte[] name = Arrays.copyOf(path, (int) (shared + count));
    readInto(name, (int) shared, (int) count);
    path = name;
    content = number();
    fileOffset = 0;
    try {
      file = files.open(LayerPath.of(name, limits));
    } catch (UnsafeContentException unsound) {
      throw new IntegrityException("read tar split: " + unsound.getMessage(), unsound);
    }
  }

  private void region() throws ImageException {
    long gap = number();
    content = number();
    if (file == null || gap > Long.MAX_VALUE - fileOffset - content) {
      throw malformed("expected a region of a file, found one outside");
    }
    fileOffset += gap;
  }

  private void fillZeros() {
    int count = (int) Math.min(zeros, out.remaining());
    for (int left = count; left > 0; ) {
      int some = Math.min(left, ZERO_BYTES.length);
      out.put(ZERO_BYTES, 0, some);
      left -= some;
    }
    zeros -= count;
  }

  private void fillRaw() throws ImageException {
    int count = (int) Math.min(raw, Math.min(out.remaining(), literal.length));
    read(literal, count);
    out.put(literal, 0, count);
    raw -= count;
  }

  private void fillContent() throws ImageException {
    int limit = out.limit();
    out.limit((int) Math.min(limit, out.position() + content));
    int count = file == null ? -1 : file.read(out, fileOffset);
    out.limit(limit);
    if (count <= 0) {
      throw new IntegrityException(
          "rebuild tar: %s: expected %d more bytes at %d, found the end"
              .formatted(LayerPath.of(path, limits), content, fileOffset));
    }
    content -= count;
    fileOffset += count;
  }

  private long number() throws ImageException {
    long value = 0;
    for (int i = 0; i < MAX_NUMBER_BYTES; i++) {
      int b = read();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b < 0x80) {
        return value;
      }
    }
    throw malformed("expected a number of 63 bits, found a longer one");
  }

  private int read() throws ImageException {
    try {
      int b = in.read();
      if (b < 0) {
        throw malformed("expected more, found the end");
      }
      return b;
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private void read(byte[] into, int count) throws ImageException {
    readInto(into, 0, count);
  }

  private void readInto(byte[] into, int offset, int count) throws ImageException {
    try {
      if (in.readNBytes(into, offset, count) < count) {
        throw malformed("expected more, found the end");
      }
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private static IntegrityException malformed(String what) {
    return new IntegrityException("read tar split: " + what);
  }

  private static StoreException failure(IOException failed) {
    return new StoreException("read tar split: " + failed.getMessage(), failed);
  }

  private void closeFile() {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() throws StoreException {
    closeFile();
    try {
      in.close();
    } catch (IOException failed) {
      throw failure(failed);
    }
  }
}
