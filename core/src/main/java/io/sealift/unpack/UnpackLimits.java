package io.sealift.unpack;

/// Bounds on what a layer may unpack to; a refusal names the bound and its value.
///
/// @param maxBytes bytes of tar, after decompression
/// @param maxFileBytes bytes that one file may claim, holes included
/// @param maxRatio plain bytes for each compressed byte, once more than {@link #RATIO_FREE_BYTES}
///   came out
/// @param maxEntries entries of one layer, extension headers included
/// @param maxDepth components of a path
/// @param maxNameBytes bytes of one component
/// @param maxPathBytes bytes of a path or link target
/// @param maxExtensionBytes bytes of a PAX header, GNU long name or sparse map
/// @param maxXattrBytes bytes of one extended attribute's value
/// @param maxSparseRegions regions in a sparse file's map
public record UnpackLimits(
    long maxBytes,
    long maxFileBytes,
    int maxRatio,
    long maxEntries,
    int maxDepth,
    int maxNameBytes,
    int maxPathBytes,
    int maxExtensionBytes,
    int maxXattrBytes,
    int maxSparseRegions) {

  /// Below this many plain bytes (1 GiB) any ratio passes: small layers of zeros are common and
  /// harmless.
  public static final long RATIO_FREE_BYTES = 1L << 30;

  /// The most components that `maxDepth` may allow for an image that is to come in: trees are
  /// merged and compared by recursion, and each takes more than a kilobyte of a stack, which has 1
  /// MiB, and two descriptors.
  public static final int MAX_DEPTH = 512;

  /// 64 GiB of tar, 64 GiB a file, ratio 1000, two million entries, depth 256, names of 255 bytes
  /// (Linux), paths of 4096 bytes (Linux), extensions of 1 MiB, xattr values of 64 KiB (Linux), 65
  /// 536 sparse regions.
  public static final UnpackLimits DEFAULT =
      new UnpackLimits(
          64L << 30, 64L << 30, 1000, 2_000_000, 256, 255, 4096, 1 << 20, 1 << 16, 1 << 16);

  /// For what was let in before, with whatever bounds there were then.
  public static final UnpackLimits UNBOUNDED =
      new UnpackLimits(
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);
}
