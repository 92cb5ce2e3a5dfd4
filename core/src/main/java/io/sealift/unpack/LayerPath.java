package io.sealift.unpack;

import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.Printable;
import java.util.Arrays;

/// The path of an entry below the root of its layer, in bytes, because names need not be UTF-8:
/// components joined by `/`, none of them empty, `.` or `..`, no NUL. The root itself has no
/// components.
public final class LayerPath implements Comparable<LayerPath> {

  public static final LayerPath ROOT = new LayerPath(new byte[0]);

  private final byte[] bytes;

  private LayerPath(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Normalises a name from an archive: leading `/` and `./`, components `.`, trailing and repeated
  /// `/` are dropped.
  ///
  /// @throws UnsafeContentException when a component is `..`, a byte is NUL, or a bound is passed
  public static LayerPath of(byte[] name, UnpackLimits limits) throws UnsafeContentException {
    byte[] path = new byte[name.length];
    int length = 0;
    int depth = 0;
    for (int start = 0; start < name.length; ) {
      int end = componentEnd(name, start);
      if (!isSkipped(name, start, end)) {
        checkComponent(name, start, end, ++depth, limits);
        if (length > 0) {
          path[length++] = '/';
        }
        System.arraycopy(name, start, path, length, end - start);
        length += end - start;
      }
      start = end + 1;
    }
    if (length > limits.maxPathBytes()) {
      throw refusal(
          name,
          "at most %d bytes (maxPathBytes), found %d".formatted(limits.maxPathBytes(), length));
    }
    return length == 0 ? ROOT : new LayerPath(Arrays.copyOf(path, length));
  }

  private static int componentEnd(byte[] name, int start) throws UnsafeContentException {
    int at = start;
    while (at < name.length && name[at] != '/') {
      if (name[at] == 0) {
        throw refusal(name, "no NUL in a name, found one");
      }
      at++;
    }
    return at;
  }

  private static boolean isSkipped(byte[] name, int start, int end) {
    return end == start || (end == start + 1 && name[start] == '.');
  }

  private static void checkComponent(
      byte[] name, int start, int end, int depth, UnpackLimits limits)
      throws UnsafeContentException {
    if (end == start + 2 && name[start] == '.' && name[start + 1] == '.') {
      throw refusal(name, "a path below the root, found a component ..");
    }
    if (end - start > limits.maxNameBytes()) {
      throw refusal(
          name,
          "at most %d bytes in a name (maxNameBytes), found %d"
              .formatted(limits.maxNameBytes(), end - start));
    }
    if (depth > limits.maxDepth()) {
      throw refusal(
          name, "at most %d components (maxDepth), found more".formatted(limits.maxDepth()));
    }
  }

  private static UnsafeContentException refusal(byte[] name, String expected) {
    return new UnsafeContentException(
        "read path %s: expected %s".formatted(Printable.shortened(name), expected));
  }

  /// The path's bytes, without a leading or trailing `/`. The array is a copy.
  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isRoot() {
    return bytes.length == 0;
  }

  /// The path without its last component; the root is its own parent.
  public LayerPath parent() {
    int slash = lastSlash();
    return slash < 0 ? ROOT : new LayerPath(Arrays.copyOf(bytes, slash));
  }

  /// The last component; empty for the root.
  public byte[] name() {
    return Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length);
  }

  /// The path of something in this directory; `name` is one sound component.
  LayerPath child(byte[] name) {
    byte[] path = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
    path[bytes.length] = '/';
    System.arraycopy(name, 0, path, bytes.length + 1, name.length);
    return isRoot() ? new LayerPath(name.clone()) : new LayerPath(path);
  }

  /// The path's own bytes, not to be changed.
  byte[] unsafeBytes() {
    return bytes;
  }

  private int lastSlash() {
    int at = bytes.length - 1;
    while (at >= 0 && bytes[at] != '/') {
      at--;
    }
    return at;
  }

  @Override
  public int compareTo(LayerPath other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerPath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// For people, on one line: bytes that are not printable ASCII or UTF-8 appear as `\xNN`, a
  /// backslash as two; the root as `.`.
  @Override
  public String toString() {
    return isRoot() ? "." : Printable.of(bytes);
  }
}
