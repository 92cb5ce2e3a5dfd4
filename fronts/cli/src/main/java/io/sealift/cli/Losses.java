package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.json.JsonValue;
import io.sealift.pull.LayerReport;
import io.sealift.unpack.TreeSummary.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What could not be kept of an image, summed up over its layers.
final class Losses {

  private Losses() {}

  static List<Lost> of(List<LayerReport> layers) {
    return sum(
        layers.stream()
            .flatMap(layer -> layer.stored().tree().summary().losses().stream())
            .toList());
  }

  /// One for each kind and reason, in the order they came up.
  static List<Lost> sum(List<Loss> losses) {
    Map<String, Lost> sums = new LinkedHashMap<>();
    for (Loss loss : losses) {
      sums.merge(
          loss.what() + "\0" + loss.reason(),
          new Lost(loss.what(), loss.entries(), loss.first().toString(), loss.reason()),
          (one, other) -> new Lost(one.what, one.entries + other.entries, one.first, one.reason));
    }
    return List.copyOf(sums.values());
  }

  /// @param first path of the first entry concerned
  record Lost(String what, long entries, String first, String reason) {

    JsonValue json() {
      return new Json()
          .with("what", what)
          .with("entries", entries)
          .with("first", first)
          .with("reason", reason)
          .value();
    }

    @Override
    public String toString() {
      return "not kept: %s of %d %s, first %s: %s"
          .formatted(what, entries, entries == 1 ? "entry" : "entries", first, reason);
    }
  }
}
