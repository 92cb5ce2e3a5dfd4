package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.pull.StageTimes;
import java.util.Locale;
import java.util.stream.Collectors;

/// How people and programs are told what the time of a pull went into.
final class Stages {
  private Stages() {}

  /// `fetch 120 ms, digest blob 31 ms, …`; empty when there was nothing to do.
  static String text(StageTimes stages) {
    return stages.times().entrySet().stream()
        .map(stage -> words(stage.getKey()) + " " + stage.getValue().toMillis() + " ms")
        .collect(Collectors.joining(", "));
  }

  /// Milliseconds by stage.
  static Json json(StageTimes stages) {
    Json json = new Json();
    stages.times().forEach((stage, time) -> json.with(member(stage), time.toMillis()));
    return json;
  }

  private static String words(StageTimes.Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// `digestBlob`.
  private static String member(StageTimes.Stage stage) {
    String words = words(stage);
    int second = words.indexOf(' ') + 1;
    return second == 0
        ? words
        : words.substring(0, second - 1)
            + Character.toUpperCase(words.charAt(second))
            + words.substring(second + 1);
  }
}
