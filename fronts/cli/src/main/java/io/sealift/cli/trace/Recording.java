package io.sealift.cli.trace;

import io.sealift.cli.trace.Stretches.Stretch;
import io.sealift.cli.trace.TimeLine.Lane;
import io.sealift.cli.trace.TimeLine.Note;
import io.sealift.cli.trace.TimeLine.Phase;
import io.sealift.cli.trace.TimeLine.Step;
import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StageTimes;
import io.sealift.source.Resolved;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Takes down what happens in a pull, from its making until {@link #end}, and passes it on.
/// Thread-safe.
final class Recording implements ProgressListener {

  /// Notes that are kept; more would be the same one again and again.
  private static final int MAX_NOTES = 100;

  private final String image;
  private final ProgressListener next;
  private final LongSupplier nanoTime;
  private final long begun;
  private final Map<Integer, Track> tracks = new TreeMap<>();
  private final List<Note> notes = new ArrayList<>();
  private @Nullable String digest;
  private long resolved;
  private long admitted;

  /// Begins now.
  ///
  /// @param nanoTime as `System.nanoTime`, whose clock work is measured by
  Recording(String image, ProgressListener next, LongSupplier nanoTime) {
    this.image = image;
    this.next = next;
    this.nanoTime = nanoTime;
    begun = nanoTime.getAsLong();
  }

  /// One layer so far.
  private static final class Track {

    final Descriptor layer;
    final List<Phase> phases = new ArrayList<>();
    final Map<StageTimes.Stage, Stretches> work = new EnumMap<>(StageTimes.Stage.class);

    Track(Descriptor layer) {
      this.layer = layer;
    }

    /// The layer enters a phase, and leaves the one before.
    void enter(Stage stage, long now) {
      leave(now);
      phases.add(new Phase(stage, now, now));
    }

    void leave(long now) {
      if (!phases.isEmpty()) {
        Phase last = phases.removeLast();
        phases.add(
            new Phase(last.stage(), last.began(), isOver(last.stage()) ? last.began() : now));
      }
    }

    private static boolean isOver(Stage stage) {
      return switch (stage) {
        case STORED, CACHED -> true;
        case WAITING, WAITING_FOR_OTHER, FETCHING, COMMITTING -> false;
      };
    }

    Lane lane(int index) {
      Map<StageTimes.Stage, List<Stretch>> stretches = new EnumMap<>(StageTimes.Stage.class);
      work.forEach((stage, worked) -> stretches.put(stage, worked.all()));
      return new Lane(index + 1, layer.digest().toString(), layer.size(), phases, stretches);
    }
  }

  @Override
  public void resolved(Resolved found) {
    synchronized (this) {
      resolved = elapsed();
      digest = found.manifestDigest().toString();
    }
    next.resolved(found);
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    synchronized (this) {
      long now = elapsed();
      if (tracks.isEmpty()) {
        admitted = now;
      }
      tracks.computeIfAbsent(index, _ -> new Track(layer)).enter(stage, now);
    }
    next.layer(index, layer, stage);
  }

  @Override
  public boolean tracing() {
    return true;
  }

  @Override
  public synchronized void worked(int index, StageTimes.Stage stage, long began, long ended) {
    Track track = tracks.get(index);
    if (track != null) {
      track.work.computeIfAbsent(stage, _ -> new Stretches()).add(began - begun, ended - begun);
    }
  }

  @Override
  public void fetched(int index, long bytes) {
    next.fetched(index, bytes);
  }

  @Override
  public void unpacked(int index, long bytes) {
    next.unpacked(index, bytes);
  }

  @Override
  public void note(String text) {
    synchronized (this) {
      if (notes.size() < MAX_NOTES) {
        notes.add(new Note(text, elapsed()));
      }
    }
    next.note(text);
  }

  /// Ends now.
  ///
  /// @param failure why the pull failed; null when it is done
  synchronized TimeLine end(@Nullable String failure) {
    long end = elapsed();
    List<Lane> lanes = new ArrayList<>();
    long stored = admitted;
    for (Map.Entry<Integer, Track> track : tracks.entrySet()) {
      track.getValue().leave(end);
      Lane lane = track.getValue().lane(track.getKey());
      lanes.add(lane);
      stored = Math.max(stored, lane.phases().getLast().ended());
    }
    return new TimeLine(image, digest, end, failure, steps(stored, end), lanes, notes);
  }

  private List<Step> steps(long stored, long end) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("find", 0, digest == null ? end : resolved));
    if (digest != null) {
      steps.add(new Step("admit", resolved, tracks.isEmpty() ? end : admitted));
    }
    if (!tracks.isEmpty()) {
      steps.add(new Step("layers", admitted, stored));
      steps.add(new Step("stack and bundle", stored, end));
    }
    return steps;
  }

  private long elapsed() {
    return nanoTime.getAsLong() - begun;
  }
}
