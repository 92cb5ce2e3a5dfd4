package io.sealift.sigstore.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', cut short",
    "30, cut short",
    "3001, beyond the end",
    "30810100, a length that could be shorter",
    "3082000100, a length that could be shorter",
    "3080, a length of 0 octets",
    "30850000000001, a length of 5 octets",
    "3084ffffffff, beyond the end",
    "3000ff, more after the value",
    "1f0100, a tag of several octets"
  })
  void whatIsNotStrictIsRefused(String text, String reason) {
    String message =
        String.valueOf(assertThrows(Unproven.class, () -> Der.read(hex(text))).getMessage());
    assertTrue(message.startsWith("not DER: ") && message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource({
    "060100, 0.0",
    "06012a, 1.2",
    "06032a8648, 1.2.840",
    "06028837, 2.999",
    "06092a864886f70d010101, 1.2.840.113549.1.1.1"
  })
  void identifiersAreNumbers(String text, String expected) throws Exception {
    assertEquals(expected, Der.read(hex(text)).identifier());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0600", "060188", "06072a888080808000", "040100"})
  void whatIsNoIdentifierIsRefused(String text) throws Exception {
    Der value = Der.read(hex(text));
    assertThrows(Unproven.class, value::identifier);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65535, 65536, 70000})
  void whatIsEncodedIsRead(int length) throws Exception {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) 7);
    byte[] encoded = Der.encode(Der.OCTET_STRING, content);
    Der read = Der.read(encoded).as(Der.OCTET_STRING);
    assertArrayEquals(content, read.bytes());
    assertArrayEquals(encoded, read.encoded());
  }

  @Test
  void valuesInsideHaveABound() throws Exception {
    byte[] nulls = new byte[2 * 257];
    for (int at = 0; at < nulls.length; at += 2) {
      nulls[at] = 5;
    }
    Der sequence = Der.read(Der.encode(Der.SEQUENCE, nulls));
    assertEquals(
        "not DER: more than 256 values in one",
        assertThrows(Unproven.class, sequence::children).getMessage());
  }

  @Test
  void aValueInsideEndsWithItsParent() throws Exception {
    Der sequence = Der.read(hex("30020402"));
    assertThrows(Unproven.class, sequence::children);
    assertThrows(Unproven.class, () -> Der.read(hex("0400")).children());
    assertThrows(Unproven.class, () -> Der.read(hex("3000")).child(0));
    assertThrows(Unproven.class, () -> Der.read(hex("0200")).integer());
    assertThrows(Unproven.class, () -> Der.read(hex("0300")).bits());
    assertThrows(Unproven.class, () -> Der.read(hex("030107")).bits());
    assertThrows(Unproven.class, () -> Der.read(hex("0400")).as(Der.SEQUENCE));
  }
}
