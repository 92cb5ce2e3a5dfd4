package io.sealift.pull;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How long each stage of a layer's way worked. Stages run side by side, so that together they take
/// longer than the layer did; while one waits for another it does not work.
///
/// @param times a time for each stage that there was
public record StageTimes(Map<Stage, Duration> times) {

  /// What the store had already took no stage.
  public static final StageTimes NONE = new StageTimes(Map.of());

  public StageTimes {
    times = times.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(times));
  }

  /// Those of several layers together.
  public static StageTimes sum(List<StageTimes> layers) {
    Map<Stage, Duration> sum = new EnumMap<>(Stage.class);
    for (StageTimes layer : layers) {
      layer.times.forEach((stage, time) -> sum.merge(stage, time, Duration::plus));
    }
    return new StageTimes(sum);
  }

  /// What is done with a layer, in the order of its way.
  public enum Stage {
    /// The key of an encrypted layer is opened.
    UNLOCK,
    /// Bytes are waited for and read.
    FETCH,
    /// The digest of the bytes as they came.
    DIGEST_BLOB,
    /// Decrypting, with the HMAC.
    DECRYPT,
    /// The compression is taken away.
    INFLATE,
    /// The digest of the plain tar.
    DIGEST_TAR,
    /// The tar is read, and files are made.
    UNPACK,
    /// The tree is made durable, and visible.
    COMMIT
  }

  /// Adds up the times of one layer, on any thread.
  static final class Clock {

    private final Map<Stage, AtomicLong> nanos = new EnumMap<>(Stage.class);

    /// Null when nobody wants to be told of each piece of work.
    private final @Nullable ProgressListener tracing;

    private final int index;

    /// For a layer of which nobody is told more than the sums.
    Clock() {
      this(ProgressListener.NONE, 0);
    }

    /// @param index the layer's place in the manifest
    Clock(ProgressListener listener, int index) {
      this.tracing = listener.tracing() ? listener : null;
      this.index = index;
      for (Stage stage : Stage.values()) {
        nanos.put(stage, new AtomicLong());
      }
    }

    /// Adds the time since a moment to a stage.
    ///
    /// @param since by `System.nanoTime`
    /// @return the moment now
    long add(Stage stage, long since) {
      long now = System.nanoTime();
      Objects.requireNonNull(nanos.get(stage)).addAndGet(now - since);
      if (tracing != null) {
        tracing.worked(index, stage, since, now);
      }
      return now;
    }

    StageTimes times() {
      Map<Stage, Duration> times = new EnumMap<>(Stage.class);
      nanos.forEach((stage, time) -> {
        if (time.get() > 0) {
          times.put(stage, Duration.ofNanos(time.get()));
        }
      });
      return new StageTimes(times);
    }
  }
}
