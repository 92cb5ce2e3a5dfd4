package io.sealift.service;

import io.sealift.failure.BadReferenceException;
import io.sealift.pull.LayerMemory;

/// How a bound on the memory of a daemon is divided: how many pulls go on at once, and how many
/// layers they work on together; the others wait for their turn. What a layer takes does not depend
/// on its size, so this is all there is to bound.
///
/// | part | is |
/// |---|---|
/// | the Java heap | a quarter at most: what the process was started with |
/// | the JVM itself | {@link #JVM_BYTES}: classes, compiled code, threads, mapped files |
/// | windows of zstd | {@link #WINDOW_BYTES} for the largest that a frame may ask for |
/// | layers | the rest, by {@link #LAYER_BYTES} |
///
/// @param bytes the bound
/// @param pulls at once, at most
/// @param layers at once, of all pulls together
public record Budget(long bytes, int pulls, int layers) {

  /// The smallest bound that some layers have room in.
  public static final long LEAST_BYTES = 256L << 20;

  /// What a daemon takes besides its heap and its layers, with large blobs over several
  /// connections.
  static final long JVM_BYTES = 112L << 20;

  /// The largest window that a frame of zstd may ask for; smaller ones share it.
  static final int WINDOW_BYTES = 32 << 20;

  /// What a layer on its way takes outside of the heap: its buffers, and what libraries keep for
  /// digests and inflating.
  static final long LAYER_BYTES = LayerMemory.LAYER_BYTES + (3L << 18);

  /// Of the heap, what a pull may take: its documents have at most 4 MiB each, are read one at a
  /// time, and kept as values.
  private static final long PULL_HEAP_BYTES = 6L << 20;

  /// Of the heap, for everything that is no pull.
  private static final long FREE_HEAP_BYTES = 24L << 20;

  private static final int HEAP_PART = 4;
  private static final int MIB = 1 << 20;

  /// Divides a bound.
  ///
  /// @param pulls wanted at once, at most
  /// @param option what the bound was given by, for the message
  /// @throws BadReferenceException when it is less than {@link #LEAST_BYTES}, or the heap of this
  ///   process may have more than its part
  public static Budget of(long bytes, int pulls, String option) throws BadReferenceException {
    return of(bytes, pulls, option, Runtime.getRuntime().maxMemory());
  }

  static Budget of(long bytes, int pulls, String option, long heapBytes)
      throws BadReferenceException {
    if (bytes < LEAST_BYTES) {
      throw new BadReferenceException(
          "read %s: expected at least %d MiB, found %d MiB"
              .formatted(option, LEAST_BYTES / MIB, bytes / MIB));
    }
    if (heapBytes > bytes / HEAP_PART) {
      throw new BadReferenceException(
          "read %s: of %d MiB the Java heap may have %d, but this process was started with %d MiB; start it with -Xmx%dm"
              .formatted(
                  option,
                  bytes / MIB,
                  bytes / HEAP_PART / MIB,
                  heapBytes / MIB,
                  bytes / HEAP_PART / MIB));
    }
    long pullsOfHeap = (bytes / HEAP_PART - FREE_HEAP_BYTES) / PULL_HEAP_BYTES;
    long layers = (bytes - bytes / HEAP_PART - JVM_BYTES - WINDOW_BYTES) / LAYER_BYTES;
    return new Budget(
        bytes, (int) Math.min(pulls, pullsOfHeap), (int) Math.min(layers, Integer.MAX_VALUE));
  }

  /// Memory for layers that keeps to this.
  public LayerMemory memory() {
    return new LayerMemory(layers, WINDOW_BYTES);
  }
}
