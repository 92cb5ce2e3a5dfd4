package io.sealift.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.codec.JdkGzip;
import io.sealift.oci.ImageName;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.service.metrics.Metrics;
import io.sealift.source.LayoutSource;
import io.sealift.store.UsageMeter;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreGaugesTest {

  @TempDir Path scratch;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Metrics metrics = new Metrics();
  private final AtomicLong now = new AtomicLong(1);

  @BeforeEach
  void add() {
    StoreGauges.addTo(
        metrics,
        scratch.resolve("store"),
        new PlainSnapshotter(),
        new UsageMeter(),
        new Log(lines, LineFormat.TEXT, Log.Level.INFO, InstantSource.system()),
        now::get);
  }

  private String number(String name) {
    return metrics
        .page()
        .lines()
        .filter(line -> line.startsWith("sealift_store_" + name + " "))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .findFirst()
        .orElseThrow();
  }

  private void pull() throws Exception {
    Path layout =
        new LayoutWriter()
            .add(new ImageBuilder().layer(new TarBuilder().file("f", "x").build()).build())
            .writeTo(scratch.resolve("layout"));
    ImageClient.builder()
        .sources(_ -> LayoutSource.directory(layout, null))
        .policy(Policy.insecureAcceptAnything("this test"))
        .snapshotter(new PlainSnapshotter())
        .workDir(scratch.resolve("store"))
        .decompressors(List.of(new JdkGzip()))
        .build()
        .pull(
            PullRequest.of(ImageName.parse("oci:" + layout), scratch.resolve("bundle")),
            ProgressListener.NONE);
  }

  @Test
  void aStoreThatIsNotThereYetHoldsNothing() {
    assertEquals("0", number("images"));
    assertEquals("0", number("bytes"));
    assertEquals("NaN", number("file_system_free_bytes"));
  }

  @Test
  void whatItHoldsIsMeasuredAgainAfterAWhile() throws Exception {
    assertEquals("0", number("images"));
    pull();
    assertEquals("0", number("images"));
    now.addAndGet(StoreGauges.MAX_AGE.toNanos());
    assertEquals("1", number("images"));
    assertEquals("1", number("mounts"));
    assertTrue(Double.parseDouble(number("bytes")) > 8192);
    assertTrue(Double.parseDouble(number("inodes")) >= 4);
    assertTrue(Double.parseDouble(number("file_system_free_bytes")) > 1 << 20);
  }

  @Test
  void aBrokenStoreIsNotKnown() throws Exception {
    pull();
    Files.writeString(scratch.resolve("store/format"), "2\n");
    assertEquals("NaN", number("images"));
    assertTrue(
        lines.toString(UTF_8).contains("event=\"store is not to be measured\" reason=store"));
  }
}
