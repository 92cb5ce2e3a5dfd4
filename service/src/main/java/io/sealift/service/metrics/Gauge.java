package io.sealift.service.metrics;

import java.util.function.DoubleSupplier;

/// A number that is asked for when somebody reads the page; `NaN` when it is not known then.
record Gauge(DoubleSupplier reading) implements Metric {

  @Override
  public void print(Page page) {
    page.line("", "", reading.getAsDouble());
  }

  @Override
  public String type() {
    return "gauge";
  }
}
