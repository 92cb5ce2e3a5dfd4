package io.sealift.imageconfig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "15, PT15S",
    "15s, PT15S",
    "500ms, PT0.5S",
    "2m, PT2M",
    "2M, PT2M",
    "1h, PT1H",
    "' 7s ', PT7S",
    "999999h, PT999999H"
  })
  void timesAreReadWithAUnitOrInSeconds(String text, Duration duration) {
    assertEquals(Optional.of(duration), Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0ms", "-1", "s", "1.5s", "1d", "1 s", "1s2", "1000000", "٣s"})
  void nothingElseIsATime(String text) {
    assertEquals(Optional.empty(), Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT15S, 15s",
    "PT0.5S, 500ms",
    "PT1M, 1m",
    "PT90S, 90s",
    "PT2H, 2h",
    "PT1M0.001S, 60001ms"
  })
  void timesAreShownInWholeUnits(Duration duration, String text) {
    assertEquals(text, Durations.format(duration));
    assertEquals(Optional.of(duration), Durations.parse(text));
  }
}
