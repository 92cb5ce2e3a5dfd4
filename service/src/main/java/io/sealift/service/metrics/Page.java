package io.sealift.service.metrics;

import java.math.BigDecimal;

/// The text that Prometheus reads (its text-based format, version 0.0.4), one metric after the
/// other.
final class Page {

  /// Whole numbers up to this are exact.
  private static final double MAX_EXACT = 1L << 53;

  private final StringBuilder text = new StringBuilder(4096);
  private String name = "";

  /// Begins a metric.
  void begin(String metric, String help, String type) {
    name = metric;
    String oneLine = help.replace("\\", "\\\\").replace("\n", "\\n");
    text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(metric, oneLine, metric, type));
  }

  void line(String suffix, String labels, double value) {
    text.append(name).append(suffix);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(number(value)).append('\n');
  }

  /// As Go's `ParseFloat` reads it.
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == Math.rint(value) && Math.abs(value) <= MAX_EXACT) {
      return Long.toString((long) value);
    }
    return BigDecimal.valueOf(value).toPlainString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
