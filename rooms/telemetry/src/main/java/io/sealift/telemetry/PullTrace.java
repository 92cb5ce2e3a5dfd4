package io.sealift.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StageTimes;
import io.sealift.service.PullObserver;
import io.sealift.service.Reason;
import io.sealift.service.metrics.Label;
import io.sealift.source.Resolved;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The trace of one pull, from {@link PullTraces#begin} until {@link #close}. Thread-safe.
///
/// | span | in | is | attributes |
/// |---|---|---|---|
/// | `pull` | | all of it | `sealift.image`, `oci.manifest.digest`, `sealift.layers`, `sealift.layers.untold` |
/// | `find` | `pull` | the image is found | |
/// | `admit` | `pull` | the policy is asked | |
/// | `layer` | `pull` | one layer that comes into the store, or is in it | `sealift.layer.index`, `.digest`, `.size`, `.origin` |
/// | `fetch`, `inflate`, … | `layer` | a stage from its first work to its last; they run side by side | `sealift.worked_ns` |
///
/// A span that failed has `error.type`, a {@link Reason}, and its status says more.
final class PullTrace implements PullObserver.Observation, ProgressListener {

  /// Layers that have spans; engines for containers take 127 at most. An image may have ten times
  /// as many, which would drive the spans of other pulls out of the queue.
  private static final int MAX_LAYERS = 128;

  /// Notes of one pull, such as that a layer is fetched once more.
  private static final int MAX_NOTES = 32;

  private final Tracer tracer;
  private final ProgressListener next;
  private final WallClock clock = new WallClock();
  private final Span pull;
  private final Context inPull;
  private final Map<Integer, LayerWork> layers = new ConcurrentHashMap<>();
  private final AtomicInteger notes = new AtomicInteger();
  private int told;
  private int untold;

  /// What is done before the layers; null when that is over.
  private @Nullable Span step;

  PullTrace(Tracer tracer, String image, ProgressListener next) {
    this.tracer = tracer;
    this.next = next;
    pull = begin("pull", Context.root(), clock.now());
    pull.setAttribute("sealift.image", Told.of(image));
    inPull = Context.root().with(pull);
    step = begin("find", inPull, clock.now());
  }

  private Span begin(String name, Context parent, long wallTime) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(wallTime, TimeUnit.NANOSECONDS)
        .startSpan();
  }

  private static void end(Span span, long wallTime) {
    span.end(wallTime, TimeUnit.NANOSECONDS);
  }

  @Override
  public ProgressListener progress() {
    return this;
  }

  @Override
  public void resolved(Resolved image) {
    pull.setAttribute("oci.manifest.digest", image.manifestDigest().toString())
        .setAttribute("sealift.layers", (long) image.layers().size());
    step("admit");
    next.resolved(image);
  }

  /// Ends what is done before the layers.
  ///
  /// @param following is done now; null for layers
  private synchronized void step(@Nullable String following) {
    long now = clock.now();
    if (step != null) {
      end(step, now);
    }
    step = following == null ? null : begin(following, inPull, now);
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    switch (stage) {
      case WAITING -> step(null); // none is, before the policy let the image in
      case WAITING_FOR_OTHER, FETCHING, COMMITTING -> entered(index, layer, stage);
      case STORED, CACHED -> {
        entered(index, layer, stage);
        LayerWork work = layers.remove(index);
        if (work != null) {
          tell(work.summary());
        }
      }
    }
    next.layer(index, layer, stage);
  }

  private void entered(int index, Descriptor layer, Stage stage) {
    work(index).entered(stage, layer, System.nanoTime());
  }

  private LayerWork work(int index) {
    return layers.computeIfAbsent(index, _ -> new LayerWork(index, System.nanoTime()));
  }

  private synchronized void tell(LayerWork.Summary work) {
    if (told == MAX_LAYERS) {
      untold++;
      return;
    }
    told++;
    Span span = begin("layer", inPull, clock.at(work.began()));
    span.setAttribute("sealift.layer.index", (long) work.index());
    Descriptor layer = work.layer();
    if (layer != null) {
      span.setAttribute("sealift.layer.digest", layer.digest().toString())
          .setAttribute("sealift.layer.size", layer.size());
    }
    work.entered()
        .forEach(
            (stage, at) -> span.addEvent(Label.value(stage), clock.at(at), TimeUnit.NANOSECONDS));
    Context inLayer = inPull.with(span);
    work.stages()
        .forEach((stage, done) -> {
          Span part = begin(Label.value(stage), inLayer, clock.at(done.began()));
          part.setAttribute("sealift.worked_ns", done.worked());
          end(part, clock.at(done.ended()));
        });
    if (work.origin().isEmpty()) {
      span.setStatus(StatusCode.ERROR, "not done");
    } else {
      span.setAttribute("sealift.layer.origin", work.origin());
    }
    end(span, clock.now());
  }

  @Override
  public boolean tracing() {
    return true;
  }

  @Override
  public void worked(int index, StageTimes.Stage stage, long began, long ended) {
    work(index).worked(stage, began, ended);
    if (next.tracing()) {
      next.worked(index, stage, began, ended);
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
    if (notes.getAndIncrement() < MAX_NOTES) {
      pull.addEvent(Told.of(text), clock.now(), TimeUnit.NANOSECONDS);
    }
    next.note(text);
  }

  @Override
  public synchronized void failed(Reason reason, String message) {
    failed(pull, reason, message);
    if (step != null) {
      failed(step, reason, message);
    }
  }

  private static void failed(Span span, Reason reason, String message) {
    span.setStatus(StatusCode.ERROR, Told.of(message)).setAttribute("error.type", reason.label());
  }

  /// Ends the trace with everything in it.
  @Override
  public synchronized void close() {
    layers.values().forEach(work -> tell(work.summary()));
    layers.clear();
    step(null);
    if (untold > 0) {
      pull.setAttribute("sealift.layers.untold", (long) untold);
    }
    end(pull, clock.now());
  }
}
