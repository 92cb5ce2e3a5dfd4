package io.sealift.service.metrics;

import java.time.Duration;
import java.util.List;

/// Counts what happens, for each combination of what its labels may say. Thread-safe.
public final class Counter implements Metric {

  /// What one on the page is here.
  enum Unit {
    ONE(1),
    NANOSECOND(1_000_000_000);

    final double perOne;

    Unit(double perOne) {
      this.perOne = perOne;
    }
  }

  private final Unit unit;
  private final Series series;

  Counter(Unit unit, List<Label> labels) {
    this.unit = unit;
    series = new Series(labels);
  }

  public void increment(String... values) {
    add(1, values);
  }

  /// @param values one for each label, in their order
  public void add(long more, String... values) {
    if (more < 0) {
      throw new IllegalArgumentException("a counter only grows: " + more);
    }
    series.at(values).add(more);
  }

  /// For a counter of seconds.
  public void add(Duration more, String... values) {
    if (unit != Unit.NANOSECOND) {
      throw new IllegalStateException("counts no seconds");
    }
    add(more.toNanos(), values);
  }

  /// What was counted so far, in ones or seconds.
  public double value(String... values) {
    return series.at(values).sum() / unit.perOne;
  }

  @Override
  public void print(Page page) {
    for (int i = 0; i < series.size(); i++) {
      page.line("", series.text(i), series.at(i).sum() / unit.perOne);
    }
  }

  @Override
  public String type() {
    return "counter";
  }
}
