package io.sealift.service;

import static io.sealift.service.Log.field;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-02-03T04:05:06.789999Z"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Log log(LineFormat format) {
    return new Log(out, format, Log.Level.DEBUG, CLOCK);
  }

  private String written() {
    return out.toString(UTF_8);
  }

  @Test
  void textIsPairs() {
    log(LineFormat.TEXT)
        .info("pull done", field("image", "docker.io/library/box:1"), field("bytes", 12L));
    assertEquals(
        "time=2026-02-03T04:05:06.789Z level=info event=\"pull done\" image=docker.io/library/box:1 bytes=12\n",
        written());
  }

  @Test
  void jsonIsOneObjectWhoseNumbersAreNumbers() {
    log(LineFormat.JSON)
        .warn(
            "pull failed",
            field("bytes", 12L),
            field("layers", 3),
            field("seconds", 0.5),
            field("cached", true),
            field("ratio", Double.NaN),
            field("name", "a \"b\" \\ c"));
    assertEquals(
        "{\"time\":\"2026-02-03T04:05:06.789Z\",\"level\":\"warn\",\"event\":\"pull failed\",\"bytes\":12,"
            + "\"layers\":3,\"seconds\":0.5,\"cached\":true,\"ratio\":\"NaN\",\"name\":\"a \\\"b\\\" \\\\ c\"}\n",
        written());
  }

  @Test
  void aFailureTellsItsReasonAndStatus() {
    log(LineFormat.TEXT)
        .failed("pull failed", new PolicyRefusedException("admit x: no"), field("image", "x"));
    assertEquals(
        "time=2026-02-03T04:05:06.789Z level=warn event=\"pull failed\" image=x reason=policy status=3 message=\"admit x: no\"\n",
        written());
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    log(LineFormat.TEXT).info("x", field("digest", null), field("id", ""));
    assertEquals("time=2026-02-03T04:05:06.789Z level=info event=x id=\"\"\n", written());
  }

  @ParameterizedTest
  @CsvSource({"DEBUG, 4", "INFO, 3", "WARN, 2", "ERROR, 1"})
  void linesBelowTheLevelAreNotWritten(Log.Level least, int lines) {
    Log log = new Log(out, LineFormat.TEXT, least, CLOCK);
    log.debug("d");
    log.info("i");
    log.warn("w");
    log.error("e");
    assertEquals(lines, written().lines().count());
  }

  @ParameterizedTest
  @EnumSource
  void nobodyForgesALine(LineFormat format) throws Exception {
    List<String> hostile =
        List.of(
            "a\ntime=2026 level=error event=forged",
            "a\r\n{\"event\":\"forged\"}",
            "a\" event=\"forged",
            "a\\",
            "a\u001b[2Kb",
            "a\u202eb",
            "a\u2028b\u2029c\u0085d",
            "a\ud800b",
            "\udb40\udc41",
            "\0");
    Log log = log(format);
    for (String value : hostile) {
      log.info("request", field("image", value), field("last", "yes"));
    }
    String[] lines = written().split("\n", -1);
    assertEquals(hostile.size() + 1, lines.length);
    for (int i = 0; i < hostile.size(); i++) {
      assertTrue(lines[i].codePoints().noneMatch(LogTest::turnsOrEnds), lines[i]);
      assertEquals(1, occurrences(lines[i], "last"), lines[i]);
      if (format == LineFormat.JSON) {
        JsonObject line =
            JsonReader.readObject(lines[i].getBytes(UTF_8), "line", JsonLimits.DEFAULT);
        assertEquals("request", line.string("event"));
      } else {
        assertTrue(lines[i].endsWith(" last=yes"), lines[i]);
        assertEquals(List.of("time", "level", "event", "image", "last"), keys(lines[i]));
      }
    }
  }

  private static boolean turnsOrEnds(int c) {
    return c < ' ' || c == 0x202e || c == 0x2028 || c == 0x2029 || c == 0x85 || c == 0xe0041;
  }

  private static long occurrences(String text, String part) {
    return text.split(part, -1).length - 1L;
  }

  /// Reads pairs as a collector of logs does: quotes with backslashes, or up to a space.
  private static List<String> keys(String line) {
    List<String> keys = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      int equals = line.indexOf('=', at);
      keys.add(line.substring(at, equals));
      at = equals + 1;
      boolean quoted = line.charAt(at) == '"';
      if (quoted) {
        for (at++; line.charAt(at) != '"'; at++) {
          if (line.charAt(at) == '\\') {
            at++;
          }
        }
        at++;
      } else {
        int space = line.indexOf(' ', at);
        at = space < 0 ? line.length() : space;
      }
      at++;
    }
    return keys;
  }

  @Test
  void longValuesAreCut() {
    log(LineFormat.TEXT).info("x", field("image", "a".repeat(1 << 20)));
    assertTrue(written().endsWith("a…\n"));
    assertTrue(written().length() < 2200, "" + written().length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "a=b", "1a", "a\nb"})
  void keysAreWords(String key) {
    assertThrows(IllegalArgumentException.class, () -> field(key, 1));
  }

  @Test
  void countsWhatNobodyTakes() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    Log log = new Log(closed, LineFormat.TEXT, Log.Level.INFO, CLOCK);
    log.info("one");
    log.debug("not to be written");
    log.info("two");
    assertEquals(2, log.lost());
    assertFalse(log.isLogged(Log.Level.DEBUG));
  }
}
