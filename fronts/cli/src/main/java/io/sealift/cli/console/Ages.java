package io.sealift.cli.console;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lengths of time as people write them: `90s`, `30m`, `12h`, `7d`, `2w`.
public final class Ages {

  private static final Pattern AGE = Pattern.compile("(\\d{1,9})([SMHDW])");

  private static final int DAYS_OF_A_WEEK = 7;

  private Ages() {}

  /// Empty when the text is no length of time.
  public static Optional<Duration> parse(String text) {
    Matcher age = AGE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!age.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(age.group(1));
    return Optional.of(
        switch (age.group(2)) {
          case "S" -> Duration.ofSeconds(count);
          case "M" -> Duration.ofMinutes(count);
          case "H" -> Duration.ofHours(count);
          case "D" -> Duration.ofDays(count);
          default -> Duration.ofDays(DAYS_OF_A_WEEK * count);
        });
  }
}
