package io.sealift.tar;

import java.util.Arrays;

/// One block of 512 bytes seen as a member's header (POSIX.1-1988 ustar, GNU tar, star, and the
/// seventh edition's). The block is overwritten for each member.
final class TarHeader {

  static final int BLOCK = 512;

  private static final byte[] ZEROS = new byte[BLOCK];
  private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0};
  private static final byte[] STAR = {'t', 'a', 'r', 0};

  private static final int NAME = 0;
  private static final int NAME_BYTES = 100;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_BYTES = 155;
  private static final int STAR_PREFIX_BYTES = 131;
  private static final int STAR_MAGIC = 508;

  final byte[] block = new byte[BLOCK];

  boolean isZero() {
    return Arrays.equals(block, ZEROS);
  }

  /// Accepts sums over unsigned bytes and, as old writers computed them, over signed ones.
  void verifyChecksum() throws MalformedTarException {
    int unsigned = 0;
    int high = 0;
    for (byte b : block) {
      unsigned += b & 0xff;
      high += b >>> 31;
    }
    for (int at = CHECKSUM; at < CHECKSUM + CHECKSUM_BYTES; at++) {
      unsigned += ' ' - (block[at] & 0xff);
      high -= block[at] >>> 31;
    }
    long written = TarNumber.field(block, CHECKSUM, CHECKSUM_BYTES, "checksum");
    if (written != unsigned && written != unsigned - 256L * high) {
      throw new MalformedTarException(
          "expected the checksum %d, found %d".formatted(unsigned, written));
    }
  }

  char type() {
    return (char) (block[TYPE] & 0xff);
  }

  /// The name with its prefix.
  byte[] name() {
    int nameEnd = end(NAME, NAME_BYTES);
    int prefixEnd = Arrays.equals(block, MAGIC, MAGIC + 6, USTAR, 0, 6) ? prefixEnd() : PREFIX;
    if (prefixEnd == PREFIX) {
      return Arrays.copyOfRange(block, NAME, nameEnd);
    }
    int prefix = prefixEnd - PREFIX;
    byte[] name = Arrays.copyOfRange(block, PREFIX, prefixEnd + 1 + nameEnd);
    name[prefix] = '/';
    System.arraycopy(block, NAME, name, prefix + 1, nameEnd);
    return name;
  }

  private int prefixEnd() {
    boolean star = Arrays.equals(block, STAR_MAGIC, BLOCK, STAR, 0, STAR.length);
    return end(PREFIX, star ? STAR_PREFIX_BYTES : PREFIX_BYTES);
  }

  byte[] linkName() {
    return Arrays.copyOfRange(block, LINK, end(LINK, NAME_BYTES));
  }

  private int end(int offset, int length) {
    int at = offset;
    while (at < offset + length && block[at] != 0) {
      at++;
    }
    return at;
  }

  int mode() throws MalformedTarException {
    return (int) (TarNumber.field(block, 100, 8, "mode") & 07777);
  }

  long uid() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 108, 8, "uid"), "uid");
  }

  long gid() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 116, 8, "gid"), "gid");
  }

  long size() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 124, 12, "size"), "size");
  }

  long mtime() throws MalformedTarException {
    return TarNumber.field(block, 136, 12, "mtime");
  }

  long major() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 329, 8, "device major"), "device major");
  }

  long minor() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 337, 8, "device minor"), "device minor");
  }

  /// Bytes of an old GNU sparse file with its holes.
  long realSize() throws MalformedTarException {
    return notNegative(TarNumber.field(block, 483, 12, "real size"), "real size");
  }

  private static long notNegative(long value, String what) throws MalformedTarException {
    if (value < 0) {
      throw new MalformedTarException(
          "expected no negative number as %s, found %d".formatted(what, value));
    }
    return value;
  }
}
