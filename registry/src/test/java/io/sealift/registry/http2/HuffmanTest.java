package io.sealift.registry.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.ProtocolException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Coded texts, as others wrote them.
class HuffmanTest {

  /// All bytes from 0 to 255 in their order, by `hpack.AppendHuffmanString` of golang.org/x/net
  /// 0.58.0.
  private static final String ALL =
      """
      ffc7fffd8fffffe2fffffe3fffffe4fffffe5fffffe6fffffe7fffffe8ffffeafffffff3fffffa7fffffabffffffdfff
      ffebfffffecfffffedfffffeefffffefffffff0ffffff1ffffff2fffffffbfffffcffffffd3fffffd7fffffdbfffffdf
      fffffe3fffffe7fffffebfffffed4fe3f9ffaffcabf1febfafefe7fdfd2cbb00089969b71d79fb9f7fff20ffbff3ff50
      ddbd7f061c58f265cd9f469d5af66dddbf871e5f9cff7ff7fffc3ff9ffe45fff4719242cb34e6e9d68a6a3d7dac426de
      fe3cfaf7fffbfe7ffbffdffffffcfffe6ffff4bfff9ffffa3fffd3ffff53fffd5ffffb3fffeb7fffdaffffb7ffff73ff
      feeffffdeffffebffffbfffffd9ffffdbfffebffffe0ffffeeffffc3ffff8bffff1ffffe4fffee7fffb1ffff97fffd9f
      fffcdffff9fffffbffffdafffeeffff4ffffb7fffee7fffe8ffffd3fffdeffffd5fffeeffffbdffffe1fffdfffff7fff
      ff5ffffecffff07fff87fffe0ffff17fffedffff87ffff77fffeffffeaffff8bfffe3ffff93ffff87fffcbffff37ffff
      1fffff83ffffe1fffebfffe3ffff3fffff2ffffa3ffffd9fffff17ffffc7fffff27ffffdefffffbffffff2fffff8ffff
      fb7fff97fff8fffffe6fffffc1fffff87ffffe7fffffc5ffffe5fffe4ffff2fffffd1fffff4ffffffefffffe3fffffc9
      fffff97fffb3ffffcffffb7fffcdffff4ffff9ffffd1ffffcffffeaffffafffffddffffeffffff4fffff5fffffabffff
      a7ffffd7fffff9bffffecfffffb7fffff3fffffe8fffffd3fffffabfffff5fffffff7ffffecfffffdbfffffbbfffff7f
      fffff0fffffbbf
      """;

  private static String decoded(String hex) throws ProtocolException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return Huffman.decode(bytes, 0, bytes.length);
  }

  @Test
  void everyByteHasItsCode() throws Exception {
    String all =
        IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining());
    assertEquals(all, decoded(ALL.replaceAll("\\s", "")));
  }

  /// The examples of RFC 7541, appendix C.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                 | ''",
        "f1e3c2e5f23a6ba0ab90f4ff           | www.example.com",
        "a8eb10649cbf                       | no-cache",
        "25a849e95ba97d7f                   | custom-key",
        "25a849e95bb8e8b4bf                 | custom-value",
        "6402                               | 302",
        "aec3771a4b                         | private",
        "9d29ad171863c78f0b97c8e9ae82ae43d3 | https://www.example.com",
        "d07abe941054d444a8200595040b8166e082a62d1bff | Mon, 21 Oct 2013 20:13:21 GMT",
      })
  void examples(String hex, String text) throws Exception {
    assertEquals(text, decoded(hex));
  }

  /// The end inside a text, padding of zeros, padding of a whole byte, half a code.
  @ParameterizedTest
  @ValueSource(strings = {"ffffffff", "fffffffc", "00", "a8eb10649cbfff", "fe", "ff"})
  void malformed(String hex) {
    assertThrows(ProtocolException.class, () -> decoded(hex));
  }
}
