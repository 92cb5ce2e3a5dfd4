package io.sealift.tar;

import io.sealift.tar.TarEntry.Xattr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of one PAX extended header (POSIX.1-2001, pax): what it says about the next member.
/// What it does not say, or says with an empty value, is null.
final class PaxHeader {

  private static final String XATTR = "SCHILY.xattr.";
  private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

  /// Extended attributes of one member; Linux lists 64 KiB of names, files have one or two.
  private static final int MAX_XATTRS = 1024;

  /// Bytes of the shortest record: `5 k=` and a line feed.
  private static final int MIN_RECORD_BYTES = 5;

  byte @Nullable [] path;
  byte @Nullable [] linkPath;
  @Nullable Long size;
  @Nullable Long uid;
  @Nullable Long gid;
  TarNumber.@Nullable Time mtime;
  final List<Xattr> xattrs = new ArrayList<>(0);
  final PaxSparse sparse;

  private final List<Xattr> libarchiveXattrs = new ArrayList<>(0);
  private final Set<String> keys = new HashSet<>();

  private PaxHeader(int maxRegions) {
    sparse = new PaxSparse(maxRegions);
  }

  static PaxHeader parse(byte[] bytes, int length, int maxRegions) throws MalformedTarException {
    PaxHeader header = new PaxHeader(maxRegions);
    int at = 0;
    while (at < length) {
      at = header.record(bytes, at, length);
    }
    header.mergeXattrs();
    return header;
  }

  /// The keys of the header, for those of a global one.
  Set<String> keys() {
    return keys;
  }

  private int record(byte[] bytes, int start, int limit) throws MalformedTarException {
    int space = start;
    while (space < limit && bytes[space] != ' ') {
      space++;
    }
    long length = TarNumber.decimal(bytes, start, space, "length of a PAX record");
    if (length < MIN_RECORD_BYTES || length > limit - start) {
      throw new MalformedTarException(
          "expected a PAX record within the %d bytes left, found one of %d"
              .formatted(limit - start, length));
    }
    int end = start + (int) length;
    int equals = space + 1;
    while (equals < end && bytes[equals] != '=') {
      equals++;
    }
    if (equals >= end - 1 || equals == space + 1 || bytes[end - 1] != '\n') {
      throw new MalformedTarException("expected a PAX record of key, value and line feed");
    }
    String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
    if (!sparse.isRepeated(key) && !keys.add(key)) {
      throw new MalformedTarException(
          "expected each PAX key once, found another " + printable(key));
    }
    if (equals + 1 < end - 1) {
      value(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
    }
    return end;
  }

  private void value(String key, byte[] value) throws MalformedTarException {
    switch (key) {
      case "path" -> path = name(value, key);
      case "linkpath" -> linkPath = name(value, key);
      case "size" -> size = TarNumber.decimal(value, "PAX size");
      case "uid" -> uid = TarNumber.decimal(value, "PAX uid");
      case "gid" -> gid = TarNumber.decimal(value, "PAX gid");
      case "mtime" -> mtime = TarNumber.time(value, "PAX mtime");
      default -> {
        if (key.startsWith(XATTR)) {
          xattrs.add(new Xattr(bytes(key.substring(XATTR.length())), value));
        } else if (key.startsWith(LIBARCHIVE_XATTR)) {
          libarchiveXattrs.add(libarchive(key.substring(LIBARCHIVE_XATTR.length()), value));
        } else if (key.startsWith(PaxSparse.PREFIX)) {
          sparse.value(key, value);
        }
      }
    }
  }

  /// The same bytes, when no NUL is among them.
  static byte[] name(byte[] value, String what) throws MalformedTarException {
    for (byte b : value) {
      if (b == 0) {
        throw new MalformedTarException("expected no NUL in the %s, found one".formatted(what));
      }
    }
    return value;
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Xattr libarchive(String encodedName, byte[] base64) throws MalformedTarException {
    try {
      return new Xattr(percentDecoded(encodedName), Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException malformed) {
      throw new MalformedTarException("expected base64 as LIBARCHIVE.xattr, found something else");
    }
  }

  private static byte[] percentDecoded(String text) throws MalformedTarException {
    byte[] decoded = new byte[text.length()];
    int length = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new MalformedTarException(
              "expected two hexadecimal digits after each percent sign of a LIBARCHIVE.xattr name");
        }
        c = (char) (high << 4 | low);
        at += 2;
      }
      decoded[length++] = (byte) c;
    }
    return Arrays.copyOf(decoded, length);
  }

  /// Writers that know both forms write both; they have to say the same.
  private void mergeXattrs() throws MalformedTarException {
    if (xattrs.size() + libarchiveXattrs.size() > MAX_XATTRS) {
      throw new MalformedTarException(
          "expected at most %d extended attributes, found more".formatted(MAX_XATTRS));
    }
    for (Xattr other : libarchiveXattrs) {
      Xattr same = xattr(other.name());
      if (same == null) {
        xattrs.add(other);
      } else if (!Arrays.equals(same.value(), other.value())) {
        throw new MalformedTarException(
            "expected one value of the attribute %s, found two"
                .formatted(Printable.shortened(other.name())));
      }
    }
  }

  private @Nullable Xattr xattr(byte[] name) {
    for (Xattr xattr : xattrs) {
      if (Arrays.equals(xattr.name(), name)) {
        return xattr;
      }
    }
    return null;
  }

  private static String printable(String key) {
    return Printable.shortened(bytes(key));
  }
}
