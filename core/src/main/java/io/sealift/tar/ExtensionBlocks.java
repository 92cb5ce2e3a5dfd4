package io.sealift.tar;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.util.Arrays;

/// Reads what belongs to headers without being one: the text of extensions and the maps of sparse
/// files, block by block.
final class ExtensionBlocks {

  private static final int BLOCK = TarHeader.BLOCK;
  private static final int GNU_REGION_BYTES = 24;
  private static final int GNU_FIELD_BYTES = 12;
  private static final int GNU_IN_HEADER = 386;
  private static final int GNU_HEADER_REGIONS = 4;
  private static final int GNU_HEADER_MORE = 482;
  private static final int GNU_BLOCK_REGIONS = 21;
  private static final int GNU_BLOCK_MORE = 504;

  private final TarStream stream;
  private final TarTap tap;
  private final TarLimits limits;
  private final byte[] block = new byte[BLOCK];
  private byte[] text = new byte[4 * BLOCK];

  ExtensionBlocks(TarStream stream, TarTap tap, TarLimits limits) {
    this.stream = stream;
    this.tap = tap;
    this.limits = limits;
  }

  /// The text of an extension, from the start of an array that the next call overwrites.
  byte[] text(long size) throws MalformedTarException, ImageException, InterruptedIOException {
    if (size > limits.maxExtensionBytes()) {
      throw tooLong(size + " bytes");
    }
    int padded = (int) (size + BLOCK - 1) / BLOCK * BLOCK;
    if (padded > text.length) {
      text = new byte[Math.max(padded, Math.min(2 * text.length, limits.maxExtensionBytes()))];
    }
    for (int at = 0; at < padded; at += BLOCK) {
      read(text, at);
    }
    return text;
  }

  /// The map of a file of type `S`, in its header and the blocks after it.
  SparseMap gnuMap(TarHeader header, long realSize, long content)
      throws MalformedTarException, ImageException, InterruptedIOException {
    SparseMap.Builder map = new SparseMap.Builder(limits.maxSparseRegions());
    boolean more = header.block[GNU_HEADER_MORE] != 0;
    gnuRegions(header.block, GNU_IN_HEADER, GNU_HEADER_REGIONS, map);
    for (long bytes = BLOCK; more; bytes += BLOCK) {
      if (bytes > limits.maxExtensionBytes()) {
        throw tooLong("more");
      }
      read(block, 0);
      gnuRegions(block, 0, GNU_BLOCK_REGIONS, map);
      more = block[GNU_BLOCK_MORE] != 0;
    }
    return map.build(realSize, content);
  }

  private static void gnuRegions(byte[] block, int offset, int count, SparseMap.Builder map)
      throws MalformedTarException {
    for (int at = offset; at < offset + count * GNU_REGION_BYTES; at += GNU_REGION_BYTES) {
      if (block[at] == 0) {
        return;
      }
      map.add(
          TarNumber.field(block, at, GNU_FIELD_BYTES, "sparse offset"),
          TarNumber.field(block, at + GNU_FIELD_BYTES, GNU_FIELD_BYTES, "sparse length"));
    }
  }

  /// The map of a PAX sparse file 1.0: decimal numbers on a line each, how many regions first, then
  /// offset and length of each, padded to a block.
  ///
  /// @param stored bytes of map and content together
  PaddedMap paxMap(long realSize, long stored)
      throws MalformedTarException, ImageException, InterruptedIOException {
    SparseMap.Builder map = new SparseMap.Builder(limits.maxSparseRegions());
    Lines lines = new Lines(stored);
    long count = lines.number();
    if (count > limits.maxSparseRegions()) {
      throw new MalformedTarException(
          "expected at most %d regions in a sparse file, found %d"
              .formatted(limits.maxSparseRegions(), count));
    }
    for (long i = 0; i < count; i++) {
      long offset = lines.number();
      map.add(offset, lines.number());
    }
    long content = stored - lines.bytes;
    return new PaddedMap(map.build(realSize, content), content);
  }

  /// A map, and the bytes of content that come after it.
  record PaddedMap(SparseMap map, long content) {}

  private void read(byte[] into, int offset)
      throws MalformedTarException, ImageException, InterruptedIOException {
    int count = stream.read(into, offset, BLOCK);
    if (count < BLOCK) {
      throw new MalformedTarException("expected the rest of an extension, found the end");
    }
    tap.block(TarTap.Role.EXTENSION_DATA, into, offset);
  }

  private MalformedTarException tooLong(String found) {
    return new MalformedTarException(
        "expected at most %d bytes in an extension, found %s"
            .formatted(limits.maxExtensionBytes(), found));
  }

  /// Numbers on lines, out of as many blocks as they need.
  private final class Lines {

    /// Digits of a 64 bit number.
    private static final int MAX_DIGITS = 19;

    private final long stored;
    private final byte[] digits = new byte[MAX_DIGITS];
    private int at = BLOCK;
    private long bytes;

    Lines(long stored) {
      this.stored = stored;
    }

    long number() throws MalformedTarException, ImageException, InterruptedIOException {
      int length = 0;
      for (byte b = next(); b != '\n'; b = next()) {
        if (length == MAX_DIGITS) {
          throw new MalformedTarException("expected at most 19 digits in a sparse map, found more");
        }
        digits[length++] = b;
      }
      return TarNumber.decimal(Arrays.copyOf(digits, length), "sparse map");
    }

    private byte next() throws MalformedTarException, ImageException, InterruptedIOException {
      if (at == BLOCK) {
        if (bytes + BLOCK > Math.min(stored, limits.maxExtensionBytes())) {
          throw new MalformedTarException(
              "expected the sparse map within %d bytes, found more"
                  .formatted(Math.min(stored, limits.maxExtensionBytes())));
        }
        read(block, 0);
        bytes += BLOCK;
        at = 0;
      }
      return block[at++];
    }
  }
}
