package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesTest {

  @ParameterizedTest
  @CsvSource({
    "1, , 2",
    "2, , 4",
    "3, , 8",
    "5, , 32",
    "6, , 60",
    "1000, , 60",
    "1, 0, 0",
    "1, 7, 7",
    "4, 7, 7",
    "1, 61, 60",
    "1, 999999999999999999999, 2",
    "1, -5, 2",
    "1, soon, 2",
    "1, '', 2",
    "1, 'Wed, 21 Oct 2015 07:28:00 GMT', 0",
    "1, 'Fri, 31 Dec 2100 23:59:59 GMT', 60",
  })
  void waits(int failures, String retryAfter, long seconds) {
    assertEquals(Duration.ofSeconds(seconds), Retries.DEFAULT.delay(failures, retryAfter));
  }

  @Test
  void waitsUntilADate() {
    ZonedDateTime soon = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(50);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(soon);
    Duration delay = Retries.DEFAULT.delay(1, date);
    assertTrue(delay.compareTo(Duration.ofSeconds(50)) <= 0, delay.toString());
    assertTrue(delay.compareTo(Duration.ofSeconds(2)) > 0, delay.toString());
  }

  /// Milliseconds that are asked for and that are waited.
  @ParameterizedTest
  @CsvSource({"2000, 0, 2000", "2000, 0.5, 2250", "60000, 0.999, 74985", "0, 0.7, 0"})
  void aRealPauseIsNeverShorterAndALittleLonger(long asked, double chance, long waited) {
    assertEquals(Duration.ofMillis(waited), Pause.spread(Duration.ofMillis(asked), chance));
  }

  @Test
  void isNotMadeOfNonsense() {
    assertThrows(
        IllegalArgumentException.class, () -> new Retries(0, Duration.ZERO, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Retries(1, Duration.ofSeconds(-1), Duration.ZERO));
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new Timeouts(Duration.ZERO, second));
    assertThrows(IllegalArgumentException.class, () -> new Timeouts(second, second.negated()));
    assertThrows(IllegalArgumentException.class, () -> new Timeouts(second, second, Duration.ZERO));
    assertEquals(1, Retries.none().attempts());
  }
}
