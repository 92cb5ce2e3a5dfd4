package io.sealift.tar;

/// Numbers as tars write them. Nothing is ever rounded or cut to fit.
final class TarNumber {

  private static final int BASE_256 = 0x80;
  private static final int BASE_256_SIGN = 0x40;
  private static final int NANO_DIGITS = 9;

  private TarNumber() {}

  /// A field of a header: octal digits after spaces or NULs, ended by a space, a NUL or the end of
  /// the field, or a big-endian two's complement marked by the first bit. Empty is 0.
  static long field(byte[] block, int offset, int length, String what)
      throws MalformedTarException {
    if ((block[offset] & BASE_256) != 0) {
      return base256(block, offset, length, what);
    }
    int at = offset;
    int end = offset + length;
    while (at < end && isBlank(block[at])) {
      at++;
    }
    long value = 0;
    for (; at < end && !isBlank(block[at]); at++) {
      int digit = block[at] - '0';
      if (digit < 0 || digit > 7) {
        throw new MalformedTarException(
            "expected an octal number as %s, found the byte 0x%02x"
                .formatted(what, block[at] & 0xff));
      }
      value = value << 3 | digit;
    }
    return value;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == 0;
  }

  private static long base256(byte[] block, int offset, int length, String what)
      throws MalformedTarException {
    boolean negative = (block[offset] & BASE_256_SIGN) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int bits = i == 0 ? (block[offset] & 0x3f) | (negative ? 0xc0 : 0) : block[offset + i] & 0xff;
      long next = value << 8 | bits;
      if (next >> 8 != value) {
        throw tooLarge(what);
      }
      value = next;
    }
    return value;
  }

  /// Decimal digits, all of `bytes` from `start` to `end`.
  static long decimal(byte[] bytes, int start, int end, String what) throws MalformedTarException {
    if (start == end) {
      throw new MalformedTarException("expected a number as %s, found nothing".formatted(what));
    }
    long value = 0;
    for (int at = start; at < end; at++) {
      int digit = digit(bytes[at], what);
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw tooLarge(what);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  static long decimal(byte[] bytes, String what) throws MalformedTarException {
    return decimal(bytes, 0, bytes.length, what);
  }

  private static int digit(byte b, String what) throws MalformedTarException {
    if (b < '0' || b > '9') {
      throw new MalformedTarException(
          "expected a decimal number as %s, found the byte 0x%02x".formatted(what, b & 0xff));
    }
    return b - '0';
  }

  /// Decimal seconds with an optional sign and fraction; digits beyond nanoseconds are read and
  /// dropped.
  static Time time(byte[] text, String what) throws MalformedTarException {
    boolean negative = text.length > 0 && text[0] == '-';
    int start = negative ? 1 : 0;
    int point = start;
    while (point < text.length && text[point] != '.') {
      point++;
    }
    long seconds = decimal(text, start, point, what);
    int nanos = 0;
    for (int i = 1; i <= NANO_DIGITS; i++) {
      nanos = nanos * 10 + (point + i < text.length ? digit(text[point + i], what) : 0);
    }
    for (int at = point + NANO_DIGITS + 1; at < text.length; at++) {
      digit(text[at], what);
    }
    if (!negative) {
      return new Time(seconds, nanos);
    }
    return nanos == 0 ? new Time(-seconds, 0) : new Time(-seconds - 1, 1_000_000_000 - nanos);
  }

  private static MalformedTarException tooLarge(String what) {
    return new MalformedTarException(
        "expected 64 bits as %s, found a larger number".formatted(what));
  }

  /// Seconds since 1970 and nanoseconds to add to them.
  record Time(long seconds, int nanos) {}
}
