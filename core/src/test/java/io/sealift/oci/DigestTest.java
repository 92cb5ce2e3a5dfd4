package io.sealift.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({"sha256, 64", "sha384, 96", "sha512, 128"})
  void readsWhatItWrites(String algorithm, int length) throws Exception {
    String text = algorithm + ":" + "0a".repeat(length / 2);
    assertEquals(text, Digest.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ''|                   expected sha256:, sha384: or sha512:
          sha256|               expected sha256:, sha384: or sha512:
          md5:d41d8cd98f00b204e9800998ecf8427e| expected sha256:, sha384: or sha512:
          SHA256:%s|            expected sha256:, sha384: or sha512:
          blake3:%s|            expected sha256:, sha384: or sha512:
          sha256:../../x|       expected 64 lower-case hexadecimal digits after sha256:
          sha256:|              expected 64 lower-case hexadecimal digits after sha256:
          sha256:%s0|           expected 64 lower-case hexadecimal digits after sha256:
          sha256: %s|           expected 64 lower-case hexadecimal digits after sha256:
          sha512:%s|            expected 128 lower-case hexadecimal digits after sha512:
          """,
      delimiter = '|')
  void refusesWhatIsNoDigest(String pattern, String reason) {
    String text = pattern.replace("%s", EMPTY);
    assertEquals(
        "read digest '%s': %s".formatted(text, reason.strip()),
        assertThrows(UnsafeContentException.class, () -> Digest.parse(text)).getMessage());
  }

  @Test
  void refusesUpperCase() {
    assertThrows(
        UnsafeContentException.class,
        () -> Digest.parse("sha256:" + EMPTY.toUpperCase(java.util.Locale.ROOT)));
  }

  @Test
  void doesNotRepeatHostileTextInMessages() {
    String text = "sha256:\n\u001b[2J\u202e" + "x".repeat(1_000_000);
    String message =
        assertThrows(UnsafeContentException.class, () -> Digest.parse(text)).getMessage();
    assertEquals(1, message.lines().count());
    assertEquals(true, message.startsWith("read digest 'sha256:\\x0a\\x1b[2J\\x202exxx"));
    assertEquals(true, message.length() < 400);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  })
  void digests(String text, String hex) {
    assertEquals(hex, Sha256.of(text.getBytes(StandardCharsets.US_ASCII)).hex());
  }

  @Test
  void chains() throws Exception {
    DiffId a = new DiffId(Digest.parse(JsonText.digest('a')));
    DiffId b = new DiffId(Digest.parse(JsonText.digest('b')));
    assertEquals(a.digest(), ChainId.of(List.of(a)).digest());
    Digest two = Sha256.of((a + " " + b).getBytes(StandardCharsets.US_ASCII));
    assertEquals(two, ChainId.of(List.of(a, b)).digest());
    assertEquals(
        Sha256.of((two + " " + a).getBytes(StandardCharsets.US_ASCII)),
        ChainId.of(List.of(a, b, a)).digest());
  }
}
