package io.sealift.registry;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/// Tries again what may succeed a little later: a connection that broke, a server in trouble, one
/// that wants fewer requests. The delays double and are those that containers/image takes.
final class Tries {

  /// Tries in all.
  static final int MAX = 5;

  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

  private final Pause pause;

  Tries(Pause pause) {
    this.pause = pause;
  }

  /// Something that may be done again.
  interface Try<T> {
    T run() throws ImageException, InterruptedIOException;
  }

  /// Does it until it succeeds, fails for good, or failed {@link #MAX} times.
  <T> T run(Try<T> attempt) throws ImageException, InterruptedIOException {
    for (int number = 1; ; number++) {
      try {
        return attempt.run();
      } catch (ImageException failed) {
        if (!failed.retryable() || number == MAX) {
          throw failed;
        }
        await(number, failed.getCause() instanceof Asked asked ? asked.delay : Duration.ZERO);
      }
    }
  }

  /// Waits after the `number`th failure, as long as the server asked for when it did.
  void await(int number, Duration asked) throws InterruptedIOException {
    Duration own = FIRST_DELAY.multipliedBy(1L << Math.min(number - 1, 10));
    Duration wanted = asked.isZero() ? own : asked;
    pause.await(wanted.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : wanted);
  }

  /// The cause of a failure whose server said when to come again.
  static final class Asked extends Exception {
    private static final long serialVersionUID = 1L;
    private final Duration delay;

    private Asked(Duration delay) {
      super("the server asks to wait " + delay.toSeconds() + " s", null, false, false);
      this.delay = delay;
    }

    /// Reads `Retry-After`: seconds, or a date (RFC 9110 §10.2.3).
    static Asked of(String value) {
      try {
        boolean seconds = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        Duration delay =
            seconds
                ? Duration.ofSeconds(value.length() > 6 ? 1_000_000 : Long.parseLong(value))
                : Duration.between(
                    Instant.now(),
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        return new Asked(delay.isNegative() ? Duration.ZERO : delay);
      } catch (DateTimeException malformed) {
        return new Asked(Duration.ZERO);
      }
    }
  }
}
