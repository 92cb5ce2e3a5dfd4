package io.sealift.service.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/// The metrics of one process. Thread-safe.
public final class Metrics {

  /// What the page is, as HTTP has it.
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// In the order that they were made in.
  private final Map<String, Named> metrics = new LinkedHashMap<>();

  private record Named(String help, Metric metric) {}

  /// @param name as Prometheus has names: with the unit, `_total` at the end
  /// @param help one sentence
  public Counter counter(String name, String help, Label... labels) {
    return add(name, help, new Counter(Counter.Unit.ONE, List.of(labels)));
  }

  /// Counts seconds.
  public Counter seconds(String name, String help, Label... labels) {
    return add(name, help, new Counter(Counter.Unit.NANOSECOND, List.of(labels)));
  }

  /// @param reading returns `NaN` for what is not known; quick, and throws nothing
  public void gauge(String name, String help, DoubleSupplier reading) {
    add(name, help, new Gauge(reading));
  }

  public Histogram histogram(String name, String help) {
    return add(name, help, new Histogram());
  }

  private synchronized <M extends Metric> M add(String name, String help, M metric) {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("no name of a metric: " + name);
    }
    if (metrics.putIfAbsent(name, new Named(help, metric)) != null) {
      throw new IllegalArgumentException("there is a metric " + name + " already");
    }
    return metric;
  }

  /// All of them as text, as {@link #CONTENT_TYPE} says.
  public String page() {
    Map<String, Named> all;
    synchronized (this) {
      all = new LinkedHashMap<>(metrics);
    }
    Page page = new Page();
    all.forEach((name, named) -> {
      page.begin(name, named.help(), named.metric().type());
      named.metric().print(page);
    });
    return page.toString();
  }
}
