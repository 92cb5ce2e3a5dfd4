package io.sealift.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "1048575, 1.0 MiB",
    "1073741824, 1.0 GiB",
    "9223372036854775807, 8192.0 PiB"
  })
  void sizesAreShownWithFourDigitsAtMostAndAUnit(long bytes, String text) {
    assertEquals(text, Sizes.format(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "64K, 65536",
    "64k, 65536",
    "64KiB, 65536",
    "1.5G, 1610612736",
    "2 , 2",
    "1T, 1099511627776"
  })
  void sizesAreReadWithPowersOf1024(String text, long bytes) {
    assertEquals(Optional.of(bytes), Sizes.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "K", "-1", "1X", "1.2345", "0x10", "99999999999999999", "9999999P", "1e9"})
  void whatIsNoSizeIsRefused(String text) {
    assertEquals(Optional.empty(), Sizes.parse(text));
  }
}
