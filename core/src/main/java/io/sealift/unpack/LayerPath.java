package io.sealift.unpack;

import io.sealift.failure.UnsafeContentException;
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

  /// Normalises a name from an archive: leading `/` and `./`, trailing and repeated `/` are
  /// dropped.
  ///
  /// @throws UnsafeContentException when a component is `..`, a byte is NUL, or a bound is passed
  public static LayerPath of(byte[] name, UnpackLimits limits) throws UnsafeContentException {
    if (name.length > limits.maxPathBytes()) {
      throw new UnsafeContentException(
          "read path: more than %d bytes".formatted(limits.maxPathBytes()));
    }
    return new LayerPath(name.clone());
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

  /// For people: bytes that are not printable ASCII or UTF-8 appear as `\xNN`; the root as `.`.
  @Override
  public String toString() {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
