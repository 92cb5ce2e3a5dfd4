package io.sealift.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// How often something is tried that may succeed later, and how long is waited in between: after
/// the statuses 408, 429, 500, 502, 503 and 504, broken connections, and peers that stall. A host
/// that is not known or refuses connections is more likely mistyped than busy and is tried once.
///
/// @param attempts how often at most, the first time included
/// @param first how long to wait after the first failure; doubled after each further one
/// @param cap how long to wait at most, whatever the registry asks for; a real pause is up to a
///   quarter longer ({@link Pause#spread})
public record Retries(int attempts, Duration first, Duration cap) {

  /// Five attempts; 2 seconds, doubled up to 60 (the figures of containers/image).
  public static final Retries DEFAULT =
      new Retries(5, Duration.ofSeconds(2), Duration.ofSeconds(60));

  public Retries {
    if (attempts < 1 || first.isNegative() || cap.isNegative()) {
      throw new IllegalArgumentException("not retries: " + attempts + ", " + first + ", " + cap);
    }
  }

  /// Once and never again.
  public static Retries none() {
    return new Retries(1, Duration.ZERO, Duration.ZERO);
  }

  /// What to wait after the `failures`th failure in a row.
  ///
  /// @param retryAfter the header of that name: seconds or a date (RFC 9110, 10.2.3)
  Duration delay(int failures, @Nullable String retryAfter) {
    Duration asked = retryAfter == null ? null : parse(retryAfter);
    Duration delay = asked == null ? first.multipliedBy(1L << Math.min(failures - 1, 20)) : asked;
    return delay.compareTo(cap) > 0 ? cap : delay;
  }

  private static @Nullable Duration parse(String retryAfter) {
    if (!retryAfter.isEmpty() && retryAfter.length() < 10 && isDigits(retryAfter)) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      Instant at =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), at);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeParseException neither) {
      return null;
    }
  }

  private static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
