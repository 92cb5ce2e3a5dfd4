package io.sealift.registry;

import java.util.Comparator;
import java.util.List;

/// A range of the layer that was asked for: from a byte to the one after its last.
record Asked(int from, int to) {

  /// Those that were asked for, by where they begin; without questions for the whole.
  static List<Asked> of(Setting setting) {
    return setting.ranges().stream()
        .filter(range -> !range.isEmpty())
        .map(Asked::of)
        .sorted(Comparator.comparingInt(Asked::from))
        .toList();
  }

  private static Asked of(String range) {
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    return new Asked(
        Integer.parseInt(ends[0]),
        ends[1].isEmpty() ? Setting.SIZE : Integer.parseInt(ends[1]) + 1);
  }

  int length() {
    return to - from;
  }
}
