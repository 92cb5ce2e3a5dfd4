package io.sealift.linux;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.LayerPath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The place of an entry below a root, free of symlinks: names joined by `/`, the root itself
/// empty. Its order is that of a tree: a directory, then all below it, then its next sibling. The
/// array is not to be changed.
@SuppressWarnings("ArrayRecordComponent")
record TreePath(byte[] bytes) implements Comparable<TreePath> {

  static final TreePath ROOT = new TreePath(new byte[0]);

  /// Bytes of the longest name that Linux has (`NAME_MAX`).
  private static final int NAME_BYTES_MAX = 255;

  /// The place that an entry names, looked at once more: names go to the kernel as they are.
  ///
  /// @throws UnsafeContentException when a name is empty, `.`, `..`, longer than 255 bytes, or
  ///   holds a NUL
  static TreePath of(LayerPath path) throws UnsafeContentException {
    byte[] bytes = path.bytes();
    int start = 0;
    for (int at = 0; at <= bytes.length; at++) {
      if (at == bytes.length || bytes[at] == '/') {
        if (!isName(bytes, start, at) && bytes.length > 0) {
          throw new UnsafeContentException(
              "unpack %s: a name in it is empty, . or .., or longer than %d bytes"
                  .formatted(path, NAME_BYTES_MAX));
        }
        start = at + 1;
      } else if (bytes[at] == 0) {
        throw new UnsafeContentException("unpack %s: a NUL is in it".formatted(path));
      }
    }
    return new TreePath(bytes);
  }

  private static boolean isName(byte[] bytes, int start, int end) {
    int length = end - start;
    boolean dots =
        length <= 2
            && length > 0
            && bytes[start] == '.'
            && (length == 1 || bytes[start + 1] == '.');
    return length > 0 && length <= NAME_BYTES_MAX && !dots;
  }

  static boolean isName(byte[] name) {
    return isName(name, 0, name.length);
  }

  boolean isRoot() {
    return bytes.length == 0;
  }

  TreePath child(byte[] name) {
    if (isRoot()) {
      return new TreePath(name);
    }
    byte[] child = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
    child[bytes.length] = '/';
    System.arraycopy(name, 0, child, bytes.length + 1, name.length);
    return new TreePath(child);
  }

  /// The root is its own parent.
  TreePath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new TreePath(Arrays.copyOf(bytes, slash));
  }

  byte[] name() {
    return Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length);
  }

  boolean isParentOf(TreePath child) {
    int slash = child.lastSlash();
    return !child.isRoot() && Math.max(slash, 0) == bytes.length && startsWith(child.bytes, bytes);
  }

  boolean isSelfOrAbove(TreePath other) {
    return isRoot()
        || (startsWith(other.bytes, bytes)
            && (other.bytes.length == bytes.length || other.bytes[bytes.length] == '/'));
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private int lastSlash() {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != '/') {
      at--;
    }
    return at;
  }

  @Override
  public int compareTo(TreePath other) {
    int at = Arrays.mismatch(bytes, other.bytes);
    if (at < 0 || at == bytes.length || at == other.bytes.length) {
      return Integer.compare(bytes.length, other.bytes.length);
    }
    return Integer.compare(rank(bytes[at]), rank(other.bytes[at]));
  }

  private static int rank(byte b) {
    return b == '/' ? -1 : b & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreePath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// For people, see {@link #show}; the root as `.`.
  @Override
  public String toString() {
    return isRoot() ? "." : show(bytes);
  }

  /// A name for people: UTF-8 as it is, but control characters, and every byte from 0x80 of a name
  /// that is not UTF-8, as `\xNN`.
  static String show(byte[] name) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException notUtf8) {
      text = new String(name, StandardCharsets.ISO_8859_1);
    }
    boolean utf8 = text.length() != name.length || isAscii(name);
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7f || (c < 0x100 && c >= 0x80 && !utf8)) {
        shown.append("\\x").append(Character.forDigit(c >> 4, 16));
        shown.append(Character.forDigit(c & 15, 16));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  private static boolean isAscii(byte[] name) {
    for (byte b : name) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }
}
