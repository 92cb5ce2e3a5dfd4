package io.sealift.imageconfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

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
    assertEquals(Optional.of(bytes), ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "K", "-1", "1X", "1.2345", "0x10", "99999999999999999", "9999999P", "1e9"})
  void whatIsNoSizeIsRefused(String text) {
    assertEquals(Optional.empty(), ByteSize.parse(text));
  }

  @Test
  void aSettingThatIsNoneSaysWhereItStands() throws Exception {
    assertEquals(2048, ByteSize.of(new Configuration.Value("2K", "store_limit of x")));
    assertEquals(
        "read store_limit of x: expected a size such as 512M or 2G, found 'much?'",
        assertThrows(
                BadReferenceException.class,
                () -> ByteSize.of(new Configuration.Value("much\n", "store_limit of x")))
            .getMessage());
  }
}
