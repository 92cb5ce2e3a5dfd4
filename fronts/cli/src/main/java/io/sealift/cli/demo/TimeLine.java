package io.sealift.cli.demo;

import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener;
import io.sealift.source.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// Takes down when each layer was fetched, unpacked and committed, and draws it. Passes everything
/// on. Thread-safe.
public final class TimeLine implements ProgressListener {

  private static final int WIDTH = 48;

  private final ProgressListener next;
  private final LongSupplier nanoTime;
  private final long begun;
  private final Map<Integer, Times> layers = new TreeMap<>();
  private long resolved;
  private long ended;

  /// Begins now.
  public TimeLine(ProgressListener next, LongSupplier nanoTime) {
    this.next = next;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  @Override
  public void resolved(Resolved image) {
    synchronized (this) {
      resolved = elapsed();
    }
    next.resolved(image);
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    long now = elapsed();
    synchronized (this) {
      Times times = layers.computeIfAbsent(index, _ -> new Times());
      switch (stage) {
        case WAITING, WAITING_FOR_OTHER -> {}
        case FETCHING -> times.fetching = now;
        case COMMITTING -> times.committing = now;
        case STORED -> times.over = now;
        case CACHED -> {
          times.fetching = now;
          times.committing = now;
          times.over = now;
        }
      }
    }
    next.layer(index, layer, stage);
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
    next.note(text);
  }

  /// Ends now.
  public synchronized void end() {
    ended = elapsed();
  }

  private long elapsed() {
    return nanoTime.getAsLong() - begun;
  }

  /// One line for each stretch of time: `=` working, `#` making durable, `.` before and after.
  public synchronized List<String> lines() {
    long end = Math.max(1, ended);
    List<String> lines = new ArrayList<>();
    lines.add(line("find, admit", 0, resolved, resolved, end));
    long layersOver = resolved;
    for (Map.Entry<Integer, Times> layer : layers.entrySet()) {
      Times times = layer.getValue();
      String name = "layer " + (layer.getKey() + 1);
      lines.add(line(name, times.fetching, times.committing, times.over, end));
      layersOver = Math.max(layersOver, times.over);
    }
    lines.add(line("stack, bundle", layersOver, end, end, end));
    return lines;
  }

  private static String line(String name, long from, long middle, long to, long end) {
    int first = Math.min(WIDTH - 1, column(from, end));
    int second = Math.max(first, column(middle, end));
    int third = Math.max(second, column(to, end));
    String work = first == third ? "|" : "=".repeat(second - first) + "#".repeat(third - second);
    return String.format(
        Locale.ROOT,
        "%-14s %s%s%s %6.1f ms",
        name,
        ".".repeat(first),
        work,
        ".".repeat(WIDTH - first - work.length()),
        Math.max(0, to - from) / 1e6);
  }

  private static int column(long at, long end) {
    return Math.clamp(at * WIDTH / end, 0, WIDTH);
  }

  private static final class Times {
    private long fetching;
    private long committing;
    private long over;
  }
}
