package io.sealift.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.MediaType;
import io.sealift.pull.ProgressListener.Stage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final long MILLI = 1_000_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong clock = new AtomicLong();
  private final LongSupplier nanoTime = clock::get;

  private static Descriptor layer(char digit, long size) {
    return Descriptor.of(
        MediaType.parse("application/vnd.oci.image.layer.v1.tar+gzip"),
        new Digest(DigestAlgorithm.SHA256, Character.toString(digit).repeat(64)),
        size);
  }

  private String written() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  @Test
  void plainLinesTellOfEveryStageThatMatters() {
    PlainLines plain = new PlainLines(out, nanoTime);
    Descriptor one = layer('1', 2048);
    Descriptor two = layer('2', 100);
    plain.layer(0, one, Stage.WAITING);
    plain.layer(1, two, Stage.CACHED);
    plain.layer(0, one, Stage.FETCHING);
    plain.fetched(0, 1000);
    clock.set(1500 * MILLI);
    plain.layer(0, one, Stage.COMMITTING);
    plain.layer(0, one, Stage.STORED);
    plain.note("no libisal.so.2, java.util.zip inflates");
    assertEquals(
        """
        layer 2/2 222222222222  100 B  cached
        layer 1/2 111111111111  fetching
        layer 1/2 111111111111  2.0 KiB  stored in 1.5 s
        sealift: no libisal.so.2, java.util.zip inflates
        """,
        written());
  }

  @Test
  void jsonLinesAreObjectsOfOneLineAndBytesComeNoOftenerThanTenTimesASecond() throws Exception {
    JsonLines json = new JsonLines(out, nanoTime);
    Descriptor one = layer('1', 2048);
    json.layer(0, one, Stage.FETCHING);
    json.fetched(0, 10);
    json.fetched(0, 20);
    json.unpacked(0, 30);
    clock.set(100 * MILLI);
    json.fetched(0, 40);
    json.note("a \"note\"");
    List<String> events = new ArrayList<>();
    for (String line : written().lines().toList()) {
      var object =
          JsonReader.readObject(line.getBytes(StandardCharsets.UTF_8), "event", JsonLimits.DEFAULT);
      events.add(
          object.string("event")
              + object.optionalString("stage").map(stage -> " " + stage).orElse("")
              + object.optionalInteger("fetched").map(n -> " fetched " + n).orElse("")
              + object.optionalInteger("unpacked").map(n -> " unpacked " + n).orElse("")
              + object.optionalString("text").map(text -> " " + text).orElse(""));
    }
    assertEquals(
        List.of(
            "layer fetching",
            "bytes fetched 10",
            "bytes unpacked 30",
            "bytes fetched 40",
            "note a \"note\""),
        events);
  }

  @Test
  void barsRedrawLayersOnTheirWayAndLeaveALineForThoseThatAreDone() {
    Bars bars = new Bars(out, 80, nanoTime);
    Descriptor one = layer('1', 2048);
    Descriptor two = layer('2', 1024);
    bars.layer(0, one, Stage.WAITING);
    bars.layer(1, two, Stage.FETCHING);
    bars.fetched(1, 512);
    bars.draw();
    assertEquals(
        """
        2/2 222222222222   [##########----------]  50% 512 B/1.0 KiB  fetching
        0 of 2 layers      [###-----------------]  16% 512 B/3.0 KiB\s\s
        """,
        written());
    clock.set(1000 * MILLI);
    bars.fetched(1, 1024);
    bars.draw();
    String second = written();
    assertTrue(second.startsWith("\033[2A\r\033[J2/2"), second);
    assertTrue(second.contains("100% 1.0 KiB/1.0 KiB  512 B/s"), second);
    bars.layer(1, two, Stage.STORED);
    bars.draw();
    String third = written();
    assertTrue(
        third.startsWith("\033[2A\r\033[J2/2 222222222222  1.0 KiB  stored in 1.0 s\n1 of 2"),
        third);
    bars.close();
    assertEquals("\033[1A\r\033[J", written());
  }

  @Test
  void barsNeverWrap() {
    Bars bars = new Bars(out, 30, nanoTime);
    bars.layer(0, layer('1', 1L << 40), Stage.FETCHING);
    bars.draw();
    written().lines().forEach(line -> assertTrue(line.length() < 30, line));
  }

  @Test
  void onlyBarsUseControlCharacters() {
    for (Progress progress : List.of(Progress.plain(out), Progress.json(out), Progress.none(out))) {
      progress.layer(0, layer('1', 10), Stage.FETCHING);
      progress.layer(0, layer('1', 10), Stage.STORED);
      progress.note("x");
      progress.close();
    }
    assertFalse(written().contains("\033"));
  }
}
