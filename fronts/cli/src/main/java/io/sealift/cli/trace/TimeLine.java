package io.sealift.cli.trace;

import io.sealift.cli.trace.Stretches.Stretch;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StageTimes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happened in one pull, and when. All times are nanoseconds from its beginning.
///
/// @param image as it was asked for
/// @param digest of the manifest; null when it was not found
/// @param end when it was done or failed
/// @param failure why it failed; null when it was done
/// @param steps of the whole image, one after the other
/// @param lanes one for each layer, base first
record TimeLine(
    String image,
    @Nullable String digest,
    long end,
    @Nullable String failure,
    List<Step> steps,
    List<Lane> lanes,
    List<Note> notes) {

  TimeLine {
    steps = List.copyOf(steps);
    lanes = List.copyOf(lanes);
    notes = List.copyOf(notes);
  }

  /// Something that was done with the whole image.
  record Step(String name, long began, long ended) {}

  /// A layer.
  ///
  /// @param number its place in the manifest, from 1
  /// @param bytes its size in the manifest
  /// @param phases where it was on its way, one after the other
  /// @param work when each stage worked, side by side
  record Lane(
      int number,
      String digest,
      long bytes,
      List<Phase> phases,
      Map<StageTimes.Stage, List<Stretch>> work) {

    Lane {
      phases = List.copyOf(phases);
      work = Map.copyOf(work);
    }

    /// Whether the store had it before.
    boolean cached() {
      return !phases.isEmpty() && phases.getLast().stage() == ProgressListener.Stage.CACHED;
    }

    /// Nanoseconds that a stage worked.
    long worked(StageTimes.Stage stage) {
      return work.getOrDefault(stage, List.of()).stream().mapToLong(Stretch::worked).sum();
    }
  }

  record Phase(ProgressListener.Stage stage, long began, long ended) {}

  record Note(String text, long time) {}
}
