package io.sealift.cli.progress;

import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.oci.Descriptor;
import io.sealift.source.Resolved;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Lines on a terminal that are redrawn in place: one for each layer on its way, then one for all.
/// Layers that are done, and notes, become ordinary lines above them, so what is redrawn stays
/// small however many layers there are. A thread of its own draws; the threads of the layers only
/// count.
final class Bars implements Progress {

  /// Ten pictures a second look smooth.
  private static final long PICTURE_MILLIS = 100;

  /// Columns when the environment does not say: those of the narrowest usual terminal.
  private static final int USUAL_COLUMNS = 80;

  private static final int BAR_WIDTH = 20;

  private final PrintStream out;
  private final int columns;
  private final LongSupplier nanoTime;
  private final Layers layers = new Layers();
  private final Rates rates = new Rates();
  private final ConcurrentLinkedQueue<String> finished = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Boolean> stop = new ArrayBlockingQueue<>(1);
  private @Nullable Thread painter;
  private int drawn;

  Bars(PrintStream out, int columns, LongSupplier nanoTime) {
    this.out = out;
    this.columns = columns;
    this.nanoTime = nanoTime;
  }

  static Bars start(Surroundings surroundings) {
    int columns =
        surroundings
            .variable("COLUMNS")
            .filter(value -> value.matches("[1-9]\\d{1,3}"))
            .map(Integer::parseInt)
            .orElse(USUAL_COLUMNS);
    Bars bars = new Bars(surroundings.err(), columns, System::nanoTime);
    bars.painter = Thread.ofPlatform().name("progress").daemon().start(bars::paint);
    return bars;
  }

  @Override
  public void resolved(Resolved image) {
    layers.begin(image.layers());
    finished.add(PlainLines.found(image));
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    LayerState state = layers.state(index, layer);
    long now = nanoTime.getAsLong();
    state.enter(stage, now);
    if (state.isOver()) {
      finished.add(state.label(layers.count()) + "  " + state.outcome(now));
    }
  }

  @Override
  public void fetched(int index, long bytes) {
    layers.fetched(index, bytes);
  }

  @Override
  public void note(String text) {
    finished.add("sealift: " + text);
  }

  private void paint() {
    try {
      do {
        draw();
      } while (stop.poll(PICTURE_MILLIS, TimeUnit.MILLISECONDS) == null);
    } catch (InterruptedException ended) {
      // Whoever interrupts wants no more pictures.
    }
  }

  /// Draws one picture over the last one.
  void draw() {
    StringBuilder picture = erased();
    int lines = 0;
    if (layers.over() < layers.count()) {
      for (String line : lines()) {
        picture.append(line, 0, Math.min(line.length(), columns - 1)).append('\n');
        lines++;
      }
    }
    drawn = lines;
    out.print(picture);
    out.flush();
  }

  /// Goes back over the last picture, removes it, and puts what has finished in its place.
  private StringBuilder erased() {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\033[").append(drawn).append("A\r\033[J");
      drawn = 0;
    }
    for (String line = finished.poll(); line != null; line = finished.poll()) {
      text.append(line).append('\n');
    }
    return text;
  }

  private List<String> lines() {
    long now = nanoTime.getAsLong();
    List<String> lines = new ArrayList<>();
    for (LayerState layer : layers.active()) {
      String rate = layer.stage() == Stage.FETCHING ? rates.of(layer, layer.done(), now) : "";
      String what =
          layer.stage() == Stage.FETCHING && !rate.isEmpty()
              ? rate
              : LayerState.name(layer.stage());
      lines.add(line(layer.label(layers.count()), layer.done(), layer.size(), what));
    }
    String all = "%d of %d layers".formatted(layers.over(), layers.count());
    lines.add(
        line(all, layers.doneBytes(), layers.allBytes(), rates.of(this, layers.doneBytes(), now)));
    return lines;
  }

  private static String line(String label, long done, long size, String what) {
    double part = size == 0 ? 1 : (double) done / size;
    int full = (int) (part * BAR_WIDTH);
    return String.format(
        Locale.ROOT,
        "%-18s [%s%s] %3d%% %s  %s",
        label,
        "#".repeat(full),
        "-".repeat(BAR_WIDTH - full),
        (int) (part * 100),
        Sizes.format(done) + "/" + Sizes.format(size),
        what);
  }

  /// Removes the picture; what has finished stays.
  @Override
  public void close() {
    stop.offer(true);
    if (painter != null) {
      boolean interrupted = false;
      while (true) {
        try {
          painter.join();
          break;
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    out.print(erased());
    out.flush();
  }
}
