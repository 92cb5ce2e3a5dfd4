package io.sealift.pull;

/// Memory outside of the Java heap for layers on their way: buffers, and windows of decompressors.
/// Layers for which none is left wait for it, whatever pull they belong to; so several clients that
/// share one keep its bounds together. Thread-safe.
public final class LayerMemory {

  /// Bytes of the buffers that a layer on its way has. They are kept for the next one.
  public static final long LAYER_BYTES = LayerBuffers.BYTES_EACH;

  /// Bytes that are enough for one window as zstd has it at its usual levels.
  public static final int LEAST_WINDOW_BYTES = 2 << 20;

  final LayerBuffers buffers;
  final WindowBudget windows;

  /// For as many layers as a client may work on at once for one image.
  public LayerMemory() {
    this(ImageClient.Builder.MAX_CONCURRENT_LAYERS, WindowBudget.BYTES);
  }

  /// @param layers on their way at once, each with {@link #LAYER_BYTES}
  /// @param windowBytes for all windows, {@link #LEAST_WINDOW_BYTES} or more; a larger window takes
  ///   all of them
  public LayerMemory(int layers, int windowBytes) {
    if (layers < 1 || windowBytes < LEAST_WINDOW_BYTES) {
      throw new IllegalArgumentException(
          "expected memory for a layer and a window of %d bytes, got %d layers and %d bytes"
              .formatted(LEAST_WINDOW_BYTES, layers, windowBytes));
    }
    buffers = new LayerBuffers(layers);
    windows = new WindowBudget(windowBytes);
  }
}
