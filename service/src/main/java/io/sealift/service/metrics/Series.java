package io.sealift.service.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// One number for each combination of what the labels of a metric may say.
final class Series {

  /// Combinations of one metric; more is a mistake of whoever made it.
  private static final int MAX_COMBINATIONS = 512;

  private final List<Label> labels;
  private final LongAdder[] numbers;

  Series(List<Label> labels) {
    this.labels = List.copyOf(labels);
    int combinations = 1;
    for (Label label : labels) {
      combinations = Math.multiplyExact(combinations, label.values().size());
    }
    if (combinations > MAX_COMBINATIONS) {
      throw new IllegalArgumentException(
          "expected at most %d combinations of labels, found %d"
              .formatted(MAX_COMBINATIONS, combinations));
    }
    numbers = new LongAdder[combinations];
    for (int i = 0; i < combinations; i++) {
      numbers[i] = new LongAdder();
    }
  }

  int size() {
    return numbers.length;
  }

  LongAdder at(int combination) {
    return numbers[combination];
  }

  /// The number of a combination, a value for each label in their order.
  LongAdder at(String... values) {
    return numbers[combination(values)];
  }

  int combination(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          "expected values for %d labels, found %d".formatted(labels.size(), values.length));
    }
    int combination = 0;
    for (int i = 0; i < values.length; i++) {
      Label label = labels.get(i);
      combination = combination * label.values().size() + label.index(values[i]);
    }
    return combination;
  }

  /// `a="x",b="y"`; empty without labels.
  String text(int combination) {
    StringBuilder text = new StringBuilder();
    int rest = combination;
    for (Label label : labels.reversed()) {
      String value = label.values().get(rest % label.values().size());
      rest /= label.values().size();
      text.insert(
          0, "%s=\"%s\"%s".formatted(label.name(), escaped(value), text.isEmpty() ? "" : ","));
    }
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
