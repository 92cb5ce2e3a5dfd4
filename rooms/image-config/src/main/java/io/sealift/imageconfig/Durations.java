package io.sealift.imageconfig;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people write them: `15`, `15s`, `500ms`, `2m`, `1h`; seconds where no unit stands.
public final class Durations {

  /// Six digits, so that also hours are fewer nanoseconds than a number can hold.
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|)");

  private Durations() {}

  /// Empty when the text is no time or has no length.
  public static Optional<Duration> parse(String text) {
    Matcher duration = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!duration.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(duration.group(1));
    return Optional.of(
            switch (duration.group(2)) {
              case "ms" -> Duration.ofMillis(number);
              case "m" -> Duration.ofMinutes(number);
              case "h" -> Duration.ofHours(number);
              default -> Duration.ofSeconds(number);
            })
        .filter(Duration::isPositive);
  }

  /// In seconds, minutes or hours, whichever it is a whole number of: `15s`, `2m`.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}
