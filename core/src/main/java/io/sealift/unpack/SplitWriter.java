package io.sealift.unpack;

import io.sealift.failure.StoreException;
import io.sealift.tar.TarTap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a tar split in the format of {@link TarSplit}. What is said to it comes in the order of
/// the tar.
final class SplitWriter implements TarTap {

  static final byte[] MAGIC = "SLSPLIT1".getBytes(StandardCharsets.US_ASCII);
  static final int END = 0;
  static final int ZEROS = 1;
  static final int RAW = 2;
  static final int BLOCK = 3;
  static final int FILE = 6;
  static final int REGION = 7;

  static final int BLOCK_BYTES = 512;
  static final int ROLES = 3;

  /// Equal bytes that end a run of different ones: fewer cost no more than the next run's numbers.
  private static final int MIN_GAP = 3;

  /// Each run is followed by at least {@link #MIN_GAP} equal bytes.
  private static final int MAX_RUNS = BLOCK_BYTES / (MIN_GAP + 1) + 1;

  private static final int MAX_NUMBER_BYTES = 9;

  /// A full buffer goes out at once; a split of a large layer has a few hundred of them.
  private static final int BUFFER_BYTES = 32 * 1024;

  private static final ByteBuffer ZERO_BYTES = ByteBuffer.allocate(4096);

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private final byte[][] before = new byte[ROLES][BLOCK_BYTES];
  private final int[] runStarts = new int[MAX_RUNS];
  private final int[] runEnds = new int[MAX_RUNS];
  private byte[] lastPath = {};
  private long lastEnd;
  private long zeros;

  SplitWriter(OutputStream out) {
    this.out = out;
    System.arraycopy(MAGIC, 0, buffer, 0, MAGIC.length);
    filled = MAGIC.length;
  }

  @Override
  public void block(Role role, byte[] bytes, int offset) throws StoreException {
    writeZeros();
    byte[] last = before[index(role)];
    int runs = findRuns(last, bytes, offset);
    require(1 + MAX_NUMBER_BYTES);
    buffer[filled++] = (byte) (BLOCK + index(role));
    number(runs);
    int at = 0;
    for (int run = 0; run < runs; run++) {
      int length = runEnds[run] - runStarts[run];
      require(2 * MAX_NUMBER_BYTES + length);
      number(runStarts[run] - at);
      number(length);
      System.arraycopy(bytes, offset + runStarts[run], buffer, filled, length);
      filled += length;
      at = runEnds[run];
    }
    System.arraycopy(bytes, offset, last, 0, BLOCK_BYTES);
  }

  private static int index(Role role) {
    return switch (role) {
      case MEMBER -> 0;
      case EXTENSION -> 1;
      case EXTENSION_DATA -> 2;
    };
  }

  private int findRuns(byte[] last, byte[] bytes, int offset) {
    int runs = 0;
    int at = 0;
    while (true) {
      int equal = Arrays.mismatch(last, at, BLOCK_BYTES, bytes, offset + at, offset + BLOCK_BYTES);
      if (equal < 0) {
        return runs;
      }
      int start = at + equal;
      int end = start + 1;
      for (at = end; at < BLOCK_BYTES && at - end < MIN_GAP; at++) {
        if (last[at] != bytes[offset + at]) {
          end = at + 1;
        }
      }
      runStarts[runs] = start;
      runEnds[runs++] = end;
    }
  }

  @Override
  public void raw(ByteBuffer bytes) throws StoreException {
    int end = bytes.limit();
    int at = bytes.position();
    while (at < end) {
      int count = Math.min(end - at, ZERO_BYTES.capacity());
      bytes.limit(at + count).position(at);
      ByteBuffer same = ZERO_BYTES.duplicate().limit(count);
      if (bytes.mismatch(same) < 0) {
        zeros += count;
      } else {
        literal(bytes, count);
      }
      at += count;
    }
  }

  private void literal(ByteBuffer bytes, int count) throws StoreException {
    writeZeros();
    require(1 + MAX_NUMBER_BYTES + count);
    buffer[filled++] = RAW;
    number(count);
    bytes.get(bytes.position(), buffer, filled, count);
    filled += count;
  }

  /// Content of a file comes: `size` bytes from its start.
  void file(LayerPath path, long size) throws StoreException {
    writeZeros();
    byte[] bytes = path.unsafeBytes();
    int mismatch = Arrays.mismatch(lastPath, bytes);
    int shared = mismatch < 0 ? bytes.length : mismatch;
    require(1 + 2 * MAX_NUMBER_BYTES);
    buffer[filled++] = FILE;
    number(shared);
    number(bytes.length - shared);
    for (int at = shared; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, BUFFER_BYTES);
      require(count);
      System.arraycopy(bytes, at, buffer, filled, count);
      filled += count;
      at += count;
    }
    require(MAX_NUMBER_BYTES);
    number(size);
    lastPath = bytes;
    lastEnd = size;
  }

  /// More content of the same file comes: a region of a sparse file.
  void region(long offset, long length) throws StoreException {
    require(1 + 2 * MAX_NUMBER_BYTES);
    buffer[filled++] = REGION;
    number(offset - lastEnd);
    number(length);
    lastEnd = offset + length;
  }

  /// Ends the split and hands all of it on.
  void finish() throws StoreException {
    writeZeros();
    require(1);
    buffer[filled++] = END;
    flush();
    try {
      out.flush();
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private void writeZeros() throws StoreException {
    if (zeros > 0) {
      require(1 + MAX_NUMBER_BYTES);
      buffer[filled++] = ZEROS;
      number(zeros);
      zeros = 0;
    }
  }

  private void number(long value) {
    long rest = value;
    while (rest >= 0x80) {
      buffer[filled++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[filled++] = (byte) rest;
  }

  private void require(int bytes) throws StoreException {
    if (BUFFER_BYTES - filled < bytes) {
      flush();
    }
  }

  private void flush() throws StoreException {
    try {
      out.write(buffer, 0, filled);
      filled = 0;
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  private static StoreException failure(IOException failed) {
    return new StoreException("write tar split: " + failed.getMessage(), failed);
  }
}
