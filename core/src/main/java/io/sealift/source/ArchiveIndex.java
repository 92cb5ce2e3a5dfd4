package io.sealift.source;

import io.sealift.failure.UnsafeContentException;
import io.sealift.source.ArchiveFiles.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the headers of a tar file that holds a layout and notes where its regular files lie. Knows
/// as much of the format as tools write for layouts: plain and prefixed names, GNU long names, and
/// PAX `path` and `size`.
final class ArchiveIndex {

  private static final int BLOCK = 512;

  /// Entries of an archive; a layout has one for each blob.
  private static final int MAX_ENTRIES = 100_000;

  /// Bytes of a PAX header or long name; names of blobs have a hundred and fifty.
  private static final int MAX_EXTENSION_BYTES = 64 * 1024;

  private final FileChannel channel;
  private final String subject;
  private final Map<String, Extent> extents = new HashMap<>();
  private @Nullable String longName;
  private long longSize = -1;

  ArchiveIndex(FileChannel channel, String subject) {
    this.channel = channel;
    this.subject = subject;
  }

  Map<String, Extent> read() throws IOException, UnsafeContentException {
    long position = 0;
    for (int entries = 0; ; entries++) {
      byte[] header = bytes(position, BLOCK);
      if (header.length < BLOCK || isZero(header)) {
        return extents;
      }
      if (entries == MAX_ENTRIES) {
        throw malformed("more than " + MAX_ENTRIES + " entries");
      }
      checkSum(header);
      char type = (char) header[156];
      long size = longSize >= 0 && type != 'x' && type != 'L' ? longSize : octal(header, 124, 12);
      long data = position + BLOCK;
      if (size < 0 || size > channel.size() - data) {
        throw malformed("an entry of %d bytes goes beyond the end".formatted(size));
      }
      entry(type, header, data, size);
      position = data + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
  }

  private void entry(char type, byte[] header, long data, long size)
      throws IOException, UnsafeContentException {
    switch (type) {
      case 'x' -> pax(extension(data, size));
      case 'L' -> longName = text(extension(data, size), 0, (int) size);
      case '0', '\0' -> {
        extents.put(normalised(longName == null ? name(header) : longName), new Extent(data, size));
        longName = null;
        longSize = -1;
      }
      default -> {
        longName = null;
        longSize = -1;
      }
    }
  }

  private byte[] extension(long data, long size) throws IOException, UnsafeContentException {
    if (size > MAX_EXTENSION_BYTES) {
      throw malformed("an extension header of more than " + MAX_EXTENSION_BYTES + " bytes");
    }
    return bytes(data, (int) size);
  }

  private void pax(byte[] records) throws UnsafeContentException {
    int at = 0;
    while (at < records.length) {
      int space = at;
      int length = 0;
      while (space < records.length && records[space] >= '0' && records[space] <= '9') {
        length = Math.min(length * 10 + records[space] - '0', MAX_EXTENSION_BYTES + 1);
        space++;
      }
      int end = at + length;
      if (length < 5 || end > records.length || records[space] != ' ' || end <= space + 1) {
        throw malformed("a broken PAX record");
      }
      record(new String(records, space + 1, end - space - 2, StandardCharsets.UTF_8));
      at = end;
    }
  }

  private void record(String record) throws UnsafeContentException {
    if (record.startsWith("path=")) {
      longName = record.substring("path=".length());
    } else if (record.startsWith("size=")) {
      try {
        longSize = Long.parseLong(record.substring("size=".length()));
      } catch (NumberFormatException malformed) {
        throw new UnsafeContentException(
            "read %s: a PAX size that is no number".formatted(subject), malformed);
      }
    }
  }

  private static String name(byte[] header) {
    boolean ustar = text(header, 257, 6).equals("ustar") && header[262] == 0;
    String prefix = ustar ? text(header, 345, 155) : "";
    String name = text(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String normalised(String name) {
    String bare = name;
    while (bare.startsWith("./") || bare.startsWith("/")) {
      bare = bare.substring(bare.indexOf('/') + 1);
    }
    return bare;
  }

  private void checkSum(byte[] header) throws UnsafeContentException {
    long sum = 8 * ' ';
    for (int at = 0; at < BLOCK; at++) {
      sum += at >= 148 && at < 156 ? 0 : header[at] & 0xff;
    }
    if (sum != octal(header, 148, 8)) {
      throw malformed("a header with a wrong checksum");
    }
  }

  /// An octal number, or a base-256 one when the first bit is set.
  private static long octal(byte[] header, int at, int length) {
    long value = 0;
    if ((header[at] & 0x80) != 0) {
      for (int i = at + length - 8; i < at + length; i++) {
        value = value << 8 | (header[i] & 0xff);
      }
      return value;
    }
    for (int i = at; i < at + length; i++) {
      if (header[i] >= '0' && header[i] <= '7') {
        value = value << 3 | (header[i] - '0');
      }
    }
    return value;
  }

  private static String text(byte[] bytes, int at, int length) {
    int end = at;
    while (end < at + length && end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private byte[] bytes(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        break;
      }
    }
    return java.util.Arrays.copyOf(buffer.array(), buffer.position());
  }

  private UnsafeContentException malformed(String what) {
    return new UnsafeContentException("read %s as a tar: %s".formatted(subject, what));
  }
}
