package io.sealift.json;

/// Bounds on JSON that is read.
///
/// @param maxBytes bytes of the text
/// @param maxDepth objects and arrays inside each other
public record JsonLimits(int maxBytes, int maxDepth) {

  /// 4 MiB, as much as a manifest may have, and 64 levels, far more than any format here needs.
  public static final JsonLimits DEFAULT = new JsonLimits(4 * 1024 * 1024, 64);

  /// The same depth with another size.
  public static JsonLimits ofBytes(int maxBytes) {
    return new JsonLimits(maxBytes, DEFAULT.maxDepth);
  }
}
