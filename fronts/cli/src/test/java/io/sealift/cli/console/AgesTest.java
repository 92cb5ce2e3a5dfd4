package io.sealift.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgesTest {

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "90s, PT90S",
    "30m, PT30M",
    "12h, PT12H",
    "7d, P7D",
    "2w, P14D",
    "7D, P7D",
    "' 7d ', P7D",
    "999999999w, P6999999993D"
  })
  void agesAreRead(String text, Duration age) {
    assertEquals(Optional.of(age), Ages.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7", "d", "-7d", "7.5d", "7 d", "7days", "1d12h", "9999999999d", "P7D"})
  void nothingElseIs(String text) {
    assertEquals(Optional.empty(), Ages.parse(text));
  }
}
