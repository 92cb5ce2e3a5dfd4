package io.sealift.service.metrics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// How long things took: how many took at most so many seconds, how long all together. Thread-safe.
public final class Histogram implements Metric {

  /// Seconds, from what the store has already to a large image over a slow line.
  static final List<Double> BOUNDS =
      List.of(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0);

  private static final double NANOS_PER_SECOND = 1e9;

  private final LongAdder[] counts = new LongAdder[BOUNDS.size() + 1];
  private final LongAdder nanos = new LongAdder();

  Histogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  public void record(Duration time) {
    double seconds = time.toNanos() / NANOS_PER_SECOND;
    int bucket = 0;
    while (bucket < BOUNDS.size() && seconds > BOUNDS.get(bucket)) {
      bucket++;
    }
    counts[bucket].increment();
    nanos.add(time.toNanos());
  }

  @Override
  public void print(Page page) {
    long sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i].sum();
      String bound = i < BOUNDS.size() ? Page.number(BOUNDS.get(i)) : "+Inf";
      page.line("_bucket", "le=\"" + bound + "\"", (double) sum);
    }
    page.line("_sum", "", nanos.sum() / NANOS_PER_SECOND);
    page.line("_count", "", (double) sum);
  }

  @Override
  public String type() {
    return "histogram";
  }
}
