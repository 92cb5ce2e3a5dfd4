package io.sealift.telemetry;

import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StageTimes;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done with one layer, from its first moment until it is told as spans. Thread-safe.
final class LayerWork {

  private final int index;
  private final Map<StageTimes.Stage, Work> stages = new EnumMap<>(StageTimes.Stage.class);
  private final Map<ProgressListener.Stage, Long> entered =
      new EnumMap<>(ProgressListener.Stage.class);
  private long began;
  private @Nullable Descriptor layer;

  /// @param began by `System.nanoTime`, as all times here
  LayerWork(int index, long began) {
    this.index = index;
    this.began = began;
  }

  /// What one stage did.
  ///
  /// @param ended when it did so last
  /// @param worked nanoseconds that it worked, without those that it waited
  record Work(long began, long ended, long worked) {

    private Work and(Work later) {
      return new Work(
          Math.min(began, later.began), Math.max(ended, later.ended), worked + later.worked);
    }
  }

  /// All that is known.
  ///
  /// @param layer null when nothing was told of it but work
  /// @param entered when it came to where it was on its way
  record Summary(
      int index,
      @Nullable Descriptor layer,
      long began,
      Map<StageTimes.Stage, Work> stages,
      Map<ProgressListener.Stage, Long> entered) {

    /// Where the layer came from, by the words of the metrics; empty when it did not.
    String origin() {
      if (entered.containsKey(ProgressListener.Stage.STORED)) {
        return "fetched";
      }
      if (entered.containsKey(ProgressListener.Stage.CACHED)) {
        return entered.containsKey(ProgressListener.Stage.WAITING_FOR_OTHER) ? "shared" : "cached";
      }
      return "";
    }
  }

  synchronized void entered(ProgressListener.Stage stage, Descriptor descriptor, long now) {
    layer = descriptor;
    entered.putIfAbsent(stage, now);
  }

  synchronized void worked(StageTimes.Stage stage, long from, long until) {
    began = Math.min(began, from);
    stages.merge(stage, new Work(from, until, until - from), Work::and);
  }

  synchronized Summary summary() {
    return new Summary(index, layer, began, new EnumMap<>(stages), new EnumMap<>(entered));
  }
}
