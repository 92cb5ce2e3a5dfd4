package io.sealift.zstd;

import io.sealift.codec.Decompressor;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The first bytes of a frame, gathered until they tell what it asks for (RFC 8878 §3.1.1.1,
/// §3.1.2), and kept because the decoder wants to see them too.
final class FrameHeader {

  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE_MAGIC = 0x184d2a50;
  private static final int SKIPPABLE_MASK = 0xfffffff0;

  private static final int MAGIC_BYTES = 4;
  private static final int SKIPPABLE_BYTES = 8;
  private static final int MAX_BYTES = Decompressor.HEAD_BYTES;

  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};
  private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};

  private static final int SINGLE_SEGMENT = 0x20;
  private static final int RESERVED = 0x08;

  /// Direct, as the decoder wants it.
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /// Begins a frame at its first byte.
  void begin() {
    bytes.clear();
  }

  /// Whether no byte of the frame was taken yet.
  boolean atStart() {
    return bytes.position() == 0;
  }

  /// Takes bytes until the header or the input ends.
  ///
  /// @return whether the header is complete
  /// @throws IntegrityException when the bytes are no frame
  boolean read(ByteBuffer input) throws IntegrityException {
    while (bytes.position() < length()) {
      if (!input.hasRemaining()) {
        return false;
      }
      bytes.put(input.get());
    }
    return true;
  }

  /// Bytes that the header has, as far as those at hand tell.
  private int length() throws IntegrityException {
    if (bytes.position() < MAGIC_BYTES) {
      return MAGIC_BYTES;
    }
    if (isSkippable()) {
      return SKIPPABLE_BYTES;
    }
    if (bytes.getInt(0) != MAGIC) {
      throw new IntegrityException(
          "inflate zstd: expected a frame or the end, got bytes 0x%08x"
              .formatted(Integer.reverseBytes(bytes.getInt(0))));
    }
    if (bytes.position() == MAGIC_BYTES) {
      return MAGIC_BYTES + 1;
    }
    return contentSizeAt() + contentSizeBytes();
  }

  /// Whether the frame has nothing to decode; its header is complete.
  boolean isSkippable() {
    return (bytes.getInt(0) & SKIPPABLE_MASK) == SKIPPABLE_MAGIC;
  }

  /// Bytes of a skippable frame's content.
  long skippableSize() {
    return Integer.toUnsignedLong(bytes.getInt(MAGIC_BYTES));
  }

  /// Refuses a frame that asks for too much, or for what no layer has.
  ///
  /// @param windowLimit bytes of the largest window allowed
  void check(long windowLimit) throws IntegrityException, UnsafeContentException {
    if ((descriptor() & RESERVED) != 0) {
      throw new IntegrityException("inflate zstd: expected the reserved bit of a frame to be 0");
    }
    if (dictionaryId() != 0) {
      throw new UnsafeContentException(
          "inflate zstd: frame wants dictionary %d, layers have none"
              .formatted(Integer.toUnsignedLong(dictionaryId())));
    }
    long window = windowSize();
    if (Long.compareUnsigned(window, windowLimit) > 0) {
      throw new UnsafeContentException(
          "inflate zstd: frame wants a window of %s bytes, the bound is %d"
              .formatted(Long.toUnsignedString(window), windowLimit));
    }
  }

  /// The header, to be decoded.
  ByteBuffer forDecoder() {
    return bytes.flip();
  }

  private int descriptor() {
    return bytes.get(MAGIC_BYTES);
  }

  private boolean isSingleSegment() {
    return (descriptor() & SINGLE_SEGMENT) != 0;
  }

  private int dictionaryAt() {
    return MAGIC_BYTES + (isSingleSegment() ? 1 : 2);
  }

  private int contentSizeAt() {
    return dictionaryAt() + DICTIONARY_BYTES[descriptor() & 3];
  }

  private int contentSizeBytes() {
    int code = descriptor() >> 6 & 3;
    return code == 0 && isSingleSegment() ? 1 : CONTENT_SIZE_BYTES[code];
  }

  private int dictionaryId() {
    return (int) number(dictionaryAt(), DICTIONARY_BYTES[descriptor() & 3]);
  }

  /// Bytes the decoder has to remember; all of the content when the frame is a single segment.
  long windowSize() {
    if (isSingleSegment()) {
      long size = number(contentSizeAt(), contentSizeBytes());
      return contentSizeBytes() == 2 ? size + 256 : size;
    }
    int window = bytes.get(MAGIC_BYTES + 1) & 0xff;
    long base = 1L << (10 + (window >> 3));
    return base + base / 8 * (window & 7);
  }

  private long number(int at, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number |= (bytes.get(at + i) & 0xffL) << (8 * i);
    }
    return number;
  }
}
