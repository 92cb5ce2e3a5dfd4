package io.sealift.pull;

import io.sealift.oci.Descriptor;
import io.sealift.source.Resolved;

/// Is told how a pull goes. Called from several threads at once; what it throws ends the pull.
/// Calls are frequent and have to return quickly.
public interface ProgressListener {

  /// Listens to nothing.
  ProgressListener NONE = new ProgressListener() {};

  /// The image was found; its layers are known now.
  default void resolved(Resolved image) {}

  /// A layer entered a stage. `index` is its place in the manifest, base first.
  default void layer(int index, Descriptor layer, Stage stage) {}

  /// More bytes of a layer came from the source; `bytes` of them so far.
  default void fetched(int index, long bytes) {}

  /// More bytes of a layer's tar were unpacked; `bytes` of them so far.
  default void unpacked(int index, long bytes) {}

  /// Whether it wants to be told of {@link #worked}: once more for each buffer that passes a stage.
  default boolean tracing() {
    return false;
  }

  /// A stage of a layer worked from one moment to another, by `System.nanoTime`; only for whoever
  /// is {@link #tracing}.
  default void worked(int index, StageTimes.Stage stage, long began, long ended) {}

  /// A fallback was taken or something differs from what one would expect; one line.
  default void note(String text) {}

  /// Where a layer is on its way.
  enum Stage {
    /// Not begun.
    WAITING,
    /// Another pull is fetching the same layer, here or in another process.
    WAITING_FOR_OTHER,
    /// Bytes are arriving and being unpacked.
    FETCHING,
    /// All bytes were proved; the layer is being made durable.
    COMMITTING,
    /// The store has the layer now.
    STORED,
    /// The store had the layer before.
    CACHED
  }
}
