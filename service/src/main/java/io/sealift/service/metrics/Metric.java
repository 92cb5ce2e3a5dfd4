package io.sealift.service.metrics;

/// What has a name on the page.
sealed interface Metric permits Counter, Gauge, Histogram {

  /// Prints its lines.
  void print(Page page);

  /// As `# TYPE` has it.
  String type();
}
