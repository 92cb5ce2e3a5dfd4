package io.sealift.registry.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ProtocolException;
import java.util.HexFormat;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Blocks of headers, as others wrote them and as nobody should.
class HeaderReaderTest {

  private static String read(byte[] block) throws ProtocolException {
    StringJoiner headers = new StringJoiner(" | ");
    HeaderReader.read(block, (name, value) -> headers.add(name + "=" + value));
    return headers.toString();
  }

  private static String read(String hex) throws ProtocolException {
    return read(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  /// By `hpack.Encoder` of golang.org/x/net 0.58.0, with a table of no bytes.
  @Test
  void anAnswerOfGo() throws Exception {
    assertEquals(
        ":status=206 | content-length=1234 | content-type=application/octet-stream"
            + " | docker-content-digest=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            + " | set-cookie=a=b | set-cookie=c=\u00e9;d",
        read(
            """
            208a0f0d8308996b0f10901d75d0620d263d4c1c892a56426c28e9008f90e4ea5b1621ea496a4ad21a62a13fb244e313
            6e5c7e579c900f05e79a23b238dbe314a518c046db1c800b6366395a94318a3046f0844902dc8e102dc609400181ef1f
            2803613d621f2805633de93b64
            """));
  }

  /// Some of them from RFC 7541, appendix C; what is to be kept is not.
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "''                                                   # ''",
        "400a637573746f6d2d6b65790d637573746f6d2d686561646572 # custom-key=custom-header",
        "040c2f73616d706c652f70617468                         # :path=/sample/path",
        "100870617373776f726406736563726574                   # password=secret",
        "82                                                   # :method=GET",
        "bd                                                   # www-authenticate=",
        "488264025885aec3771a4b                               # :status=302 | cache-control=private",
        "2020 88                                              # :status=200",
        "0f0d00                                               # content-length=",
      })
  void read(String hex, String headers) throws Exception {
    assertEquals(headers, read(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "80               # a header of HTTP/2 out of a table that has no such entry",
        "be               # a header of HTTP/2 out of a table that has no such entry",
        "7f0001           # a header of HTTP/2 out of a table that has no such entry",
        "400161017a be    # a header of HTTP/2 out of a table that has no such entry",
        "21               # a table of headers of HTTP/2 that was not allowed",
        "3fe11f           # a table of headers of HTTP/2 that was not allowed",
        "8820             # a table of headers of HTTP/2 that was not allowed",
        "ffffffffff7f     # a number in the headers of HTTP/2 that is too large",
        "007f80808000     # a number in the headers of HTTP/2 that is too large",
        "ff               # headers of HTTP/2 that end too early",
        "00               # headers of HTTP/2 that end too early",
        "000a6162         # headers of HTTP/2 that end too early",
        "00016101         # headers of HTTP/2 that end too early",
        "007fffff7f       # headers of HTTP/2 that end too early",
        "00016181fe       # a malformed text in the headers of HTTP/2",
      })
  void refused(String hex, String message) {
    ProtocolException refused =
        assertThrows(ProtocolException.class, () -> read(hex.replace(" ", "")));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void anythingElseIsRefusedToo() {
    Random random = new Random(7541);
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] block = new byte[random.nextInt(40)];
      random.nextBytes(block);
      try {
        read(block);
        read++;
      } catch (ProtocolException expected) {
        refused++;
      }
    }
    assertTrue(read > 1000 && refused > 1000, read + " were read, and " + refused + " refused");
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    for (int length : new int[] {0, 1, 126, 127, 128, 254, 255, 16_384, 100_000}) {
      String value = "v".repeat(length);
      byte[] block = new HeaderWriter().add(":path", "/").add("a", value).block();
      assertEquals(":path=/ | a=" + value, read(block));
    }
  }
}
