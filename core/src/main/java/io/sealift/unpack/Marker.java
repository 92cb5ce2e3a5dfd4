package io.sealift.unpack;

import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What the name of an entry says besides where it is (OCI image specification, layer.md,
/// "Whiteouts").
enum Marker {
  /// An entry like any other.
  NONE,
  /// `.wh.NAME` hides NAME.
  WHITEOUT,
  /// `.wh..wh..opq` hides what lower layers have in the directory.
  OPAQUE,
  /// Bookkeeping of aufs, no part of the image: `.wh..wh.plnk`, `.wh..wh.aufs`, `.wh..wh.orph`.
  AUFS;

  private static final byte[] PREFIX = ".wh.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] META_PREFIX = ".wh..wh.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OPAQUE_NAME = ".wh..wh..opq".getBytes(StandardCharsets.US_ASCII);

  static Marker of(LayerPath path) throws UnsafeContentException {
    byte[] bytes = path.unsafeBytes();
    Marker found = NONE;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '/') {
        end++;
      }
      if (bytes[start] == '.' && startsWith(bytes, start, end, PREFIX)) {
        found = ofComponent(path, bytes, start, end);
        if (found == AUFS) {
          return AUFS;
        }
        if (end < bytes.length) {
          throw refusal(path, "nothing below a whiteout", bytes, end);
        }
      }
      start = end + 1;
    }
    return found;
  }

  private static Marker ofComponent(LayerPath path, byte[] bytes, int start, int end)
      throws UnsafeContentException {
    if (startsWith(bytes, start, end, META_PREFIX)) {
      boolean opaque = Arrays.equals(bytes, start, end, OPAQUE_NAME, 0, OPAQUE_NAME.length);
      return opaque ? OPAQUE : AUFS;
    }
    int rest = end - start - PREFIX.length;
    boolean dots = rest <= 2;
    for (int at = start + PREFIX.length; at < end; at++) {
      dots &= bytes[at] == '.';
    }
    if (dots) {
      throw refusal(path, "a name after .wh.", bytes, start + PREFIX.length);
    }
    return WHITEOUT;
  }

  private static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
    return end - start >= prefix.length
        && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
  }

  /// What a whiteout hides.
  static LayerPath hidden(LayerPath whiteout) {
    byte[] name = whiteout.name();
    return whiteout.parent().child(Arrays.copyOfRange(name, PREFIX.length, name.length));
  }

  /// @param at where in the path that begins which is there instead
  private static UnsafeContentException refusal(
      LayerPath path, String expected, byte[] bytes, int at) {
    byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
    return new UnsafeContentException(
        "unpack %s: expected %s, found %s"
            .formatted(path, expected, rest.length == 0 ? "none" : Printable.shortened(rest)));
  }
}
