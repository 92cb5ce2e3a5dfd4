package io.sealift.service;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import io.sealift.policy.Admitted;
import io.sealift.pull.LayerReport;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullResult;
import io.sealift.pull.StageTimes;
import io.sealift.pull.StoredImage;
import io.sealift.service.metrics.Counter;
import io.sealift.service.metrics.Histogram;
import io.sealift.service.metrics.Label;
import io.sealift.service.metrics.Metrics;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs pulls and tells of them, in the log and in numbers; whoever runs one through this has not
/// to tell of it again. Thread-safe.
///
/// | metric | counts |
/// |---|---|
/// | `sealift_pulls_total{result}` | pulls that ended: `done`, `failed`, `cancelled` |
/// | `sealift_pull_failures_total{reason}` | those that were not done, see {@link Reason} |
/// | `sealift_pulls_in_flight` | pulls that go on now |
/// | `sealift_pull_duration_seconds` | how long those took that were done |
/// | `sealift_layers_total{origin}` | layers of images that came: `fetched`, `cached` in the store before, `shared` with another pull that fetched them meanwhile |
/// | `sealift_fetched_bytes_total` | bytes of layers as they came, also of pulls that failed |
/// | `sealift_unpacked_bytes_total` | bytes of their tars |
/// | `sealift_layer_stage_seconds_total{stage}` | what the time of layers went into, see {@link StageTimes.Stage} |
public final class ObservedPulls {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Log log;
  private final PullObserver observer;
  private final LongAdder inFlight = new LongAdder();
  private final Counter pulls;
  private final Counter failures;
  private final Histogram durations;
  private final Counter layers;
  private final Counter fetched;
  private final Counter unpacked;
  private final Counter stages;

  /// @param metrics where those of the table are made
  public ObservedPulls(Log log, Metrics metrics) {
    this(log, metrics, PullObserver.NONE);
  }

  /// @param observer follows each pull as well
  public ObservedPulls(Log log, Metrics metrics, PullObserver observer) {
    this.log = log;
    this.observer = observer;
    pulls =
        metrics.counter(
            "sealift_pulls_total", "Pulls that ended.", Label.of("result", Result.class));
    failures =
        metrics.counter(
            "sealift_pull_failures_total",
            "Pulls that were not done, by reason.",
            Label.of("reason", Reason.class));
    metrics.gauge("sealift_pulls_in_flight", "Pulls that go on now.", inFlight::sum);
    durations =
        metrics.histogram("sealift_pull_duration_seconds", "How long pulls took that were done.");
    layers =
        metrics.counter(
            "sealift_layers_total",
            "Layers of images that came, by where they came from.",
            Label.of("origin", Origin.class));
    fetched = metrics.counter("sealift_fetched_bytes_total", "Bytes of layers as they came.");
    unpacked = metrics.counter("sealift_unpacked_bytes_total", "Bytes of tar that were unpacked.");
    stages =
        metrics.seconds(
            "sealift_layer_stage_seconds_total",
            "What the time of layers went into; stages run side by side.",
            Label.of("stage", StageTimes.Stage.class));
  }

  private enum Result {
    DONE,
    FAILED,
    CANCELLED
  }

  /// Where a layer of an image came from.
  enum Origin {
    FETCHED,
    CACHED,
    SHARED
  }

  /// A pull that is to be run.
  @FunctionalInterface
  public interface Pull<R> {

    /// @param progress is to be told how it goes
    R run(ProgressListener progress) throws ImageException, InterruptedIOException;
  }

  /// What there is to tell of a pull that is done.
  private record Done(Admitted image, List<LayerReport> layers, @Nullable Path bundle) {}

  /// Runs a pull, and throws what it throws.
  ///
  /// @param image as the client named it, for the log
  /// @param listener is told the same as this
  public PullResult run(String image, ProgressListener listener, Pull<PullResult> pull)
      throws ImageException, InterruptedIOException {
    return run(
        image,
        listener,
        pull,
        result -> new Done(result.image(), result.layers(), result.bundle().directory()));
  }

  /// The same for a pull that makes no bundle.
  public StoredImage store(String image, ProgressListener listener, Pull<StoredImage> pull)
      throws ImageException, InterruptedIOException {
    return run(image, listener, pull, result -> new Done(result.image(), result.layers(), null));
  }

  private <R> R run(
      String image, ProgressListener listener, Pull<R> pull, Function<R, Done> telling)
      throws ImageException, InterruptedIOException {
    long began = System.nanoTime();
    log.debug("pull begins", field("image", image));
    PullProgress progress = new PullProgress(log, image, listener, fetched, unpacked);
    inFlight.increment();
    PullObserver.Observation observation = observer.begin(image, progress);
    try {
      R result = pull.run(observation.progress());
      done(image, telling.apply(result), progress, Duration.ofNanos(System.nanoTime() - began));
      return result;
    } catch (ImageException failure) {
      ended(Result.FAILED, Reason.of(failure));
      observation.failed(Reason.of(failure), failure.getMessage());
      log.failed("pull failed", failure, field("image", image), seconds(began));
      throw failure;
    } catch (InterruptedIOException cancelled) {
      ended(Result.CANCELLED, Reason.CANCELLED);
      observation.failed(Reason.CANCELLED, "cancelled");
      log.info("pull cancelled", field("image", image), seconds(began));
      throw cancelled;
    } catch (RuntimeException | Error defect) {
      ended(Result.FAILED, Reason.INTERNAL);
      observation.failed(Reason.INTERNAL, defect.getClass().getName());
      log.defect("pull failed", defect, field("image", image));
      throw defect;
    } finally {
      observation.close();
      inFlight.decrement();
    }
  }

  private void ended(Result result, Reason reason) {
    pulls.increment(Label.value(result));
    failures.increment(Label.value(reason));
  }

  /// Pulls that go on now.
  public long inFlight() {
    return inFlight.sum();
  }

  private void done(String image, Done result, PullProgress progress, Duration time) {
    pulls.increment(Label.value(Result.DONE));
    durations.record(time);
    List<LayerReport> reports = result.layers();
    int came = 0;
    int cached = 0;
    for (int i = 0; i < reports.size(); i++) {
      LayerReport layer = reports.get(i);
      if (reports.indexOf(layer) == i) { // what the manifest repeats came once
        Origin origin = progress.origin(i, layer);
        came++;
        cached += origin == Origin.FETCHED ? 0 : 1;
        layers.increment(Label.value(origin));
        layer.stages().times().forEach((stage, spent) -> stages.add(spent, Label.value(stage)));
      }
    }
    log.info(
        "pull done",
        field("image", image),
        field("digest", result.image().image().manifestDigest()),
        field("bundle", result.bundle()),
        field("layers", came),
        field("cached", cached),
        field("fetched_bytes", progress.fetchedBytes()),
        field("unpacked_bytes", progress.unpackedBytes()),
        field("seconds", time.toNanos() / NANOS_PER_SECOND));
  }

  private static Log.Field seconds(long began) {
    return field("seconds", (System.nanoTime() - began) / NANOS_PER_SECOND);
  }
}
