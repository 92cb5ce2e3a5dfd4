package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The header of one gzip member, read byte by byte as it arrives and forgotten at once: names,
/// times and extra fields mean nothing to a layer (RFC 1952 §2.3.1).
final class GzipHeader {

  /// Bytes of a name or a comment. A path has at most 4096; nobody needs more.
  static final int MAX_TEXT_BYTES = 64 * 1024;

  private static final int FIXED_BYTES = 10;
  private static final int METHOD_DEFLATE = 8;

  private static final int FLAG_HEADER_CHECKSUM = 0x02;
  private static final int FLAG_EXTRA = 0x04;
  private static final int FLAG_NAME = 0x08;
  private static final int FLAG_COMMENT = 0x10;
  private static final int FLAGS_RESERVED = 0xe0;

  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    CHECKSUM,
    END
  }

  private final CRC32 checksum = new CRC32();
  private Part part = Part.FIXED;
  private int flags;
  private int taken;
  private int number;

  /// Begins a member at its first byte.
  void begin() {
    checksum.reset();
    flags = 0;
    enter(Part.FIXED);
  }

  /// Whether no byte of the header was taken yet.
  boolean atStart() {
    return part == Part.FIXED && taken == 0;
  }

  /// Takes bytes until the header or the input ends.
  ///
  /// @return whether the header is complete
  boolean read(ByteBuffer input) throws IntegrityException, UnsafeContentException {
    while (part != Part.END && input.hasRemaining()) {
      take(input.get() & 0xff);
    }
    return part == Part.END;
  }

  private void take(int value) throws IntegrityException, UnsafeContentException {
    if (part != Part.CHECKSUM) {
      checksum.update(value);
    }
    switch (part) {
      case FIXED -> takeFixed(value);
      case EXTRA_LENGTH -> takeNumber(value);
      case EXTRA -> {
        if (++taken == number) {
          enter(Part.NAME);
        }
      }
      case NAME -> takeText(value, Part.COMMENT);
      case COMMENT -> takeText(value, Part.CHECKSUM);
      case CHECKSUM -> takeNumber(value);
      case END -> throw new IllegalStateException("a byte after the end of a header");
    }
  }

  private void takeFixed(int value) throws IntegrityException {
    switch (taken) {
      case 0 -> expect(value == 0x1f, "expected a member's first byte 0x1f", value);
      case 1 -> expect(value == 0x8b, "expected a member's second byte 0x8b", value);
      case 2 -> expect(value == METHOD_DEFLATE, "expected compression method 8", value);
      case 3 -> {
        expect((value & FLAGS_RESERVED) == 0, "expected no reserved flags", value);
        flags = value;
      }
      default -> {
        // modification time, hint, operating system
      }
    }
    if (++taken == FIXED_BYTES) {
      enter(Part.EXTRA_LENGTH);
    }
  }

  private void takeNumber(int value) throws IntegrityException {
    number |= value << (8 * taken);
    if (++taken < 2) {
      return;
    }
    if (part == Part.EXTRA_LENGTH) {
      int length = number;
      enter(length == 0 ? Part.NAME : Part.EXTRA);
      number = length;
    } else {
      expect(
          number == (checksum.getValue() & 0xffff),
          "expected header checksum 0x%04x".formatted(checksum.getValue() & 0xffff),
          number);
      enter(Part.END);
    }
  }

  private void takeText(int value, Part next) throws UnsafeContentException {
    if (value == 0) {
      enter(next);
    } else if (++taken > MAX_TEXT_BYTES) {
      throw new UnsafeContentException(
          "inflate gzip: name or comment in a header is longer than %d bytes"
              .formatted(MAX_TEXT_BYTES));
    }
  }

  /// Goes to the part, or to the first one after it that the flags announce.
  private void enter(Part wanted) {
    Part next = wanted;
    if (next == Part.EXTRA_LENGTH && (flags & FLAG_EXTRA) == 0) {
      next = Part.NAME;
    }
    if (next == Part.NAME && (flags & FLAG_NAME) == 0) {
      next = Part.COMMENT;
    }
    if (next == Part.COMMENT && (flags & FLAG_COMMENT) == 0) {
      next = Part.CHECKSUM;
    }
    if (next == Part.CHECKSUM && (flags & FLAG_HEADER_CHECKSUM) == 0) {
      next = Part.END;
    }
    part = next;
    taken = 0;
    number = 0;
  }

  private static void expect(boolean holds, String expectation, int value)
      throws IntegrityException {
    if (!holds) {
      throw new IntegrityException("inflate gzip: %s, got 0x%02x".formatted(expectation, value));
    }
  }
}
