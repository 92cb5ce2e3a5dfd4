package io.sealift.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.codec.JdkGzip;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.ImageName;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.pull.PullResult;
import io.sealift.service.metrics.Metrics;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedPullsTest {

  private static final byte[] BASE = new TarBuilder().file("base", "a".repeat(4000)).build();
  private static final byte[] TOP = new TarBuilder().file("top", "b").build();

  @TempDir Path scratch;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Metrics metrics = new Metrics();
  private final ObservedPulls pulls =
      new ObservedPulls(
          new Log(log, LineFormat.TEXT, Log.Level.DEBUG, InstantSource.system()), metrics);
  private int count;

  private PullResult pull(BuiltImage image, ProgressListener listener) throws Exception {
    Path base = scratch.toRealPath();
    Path place = base.resolve("pull" + count++);
    Path layout = new LayoutWriter().add(image).writeTo(place.resolve("layout"));
    ImageClient client =
        ImageClient.builder()
            .sources(_ -> LayoutSource.directory(layout, null))
            .policy(Policy.insecureAcceptAnything("this test"))
            .snapshotter(new PlainSnapshotter())
            .workDir(base.resolve("store"))
            .decompressors(List.of(new JdkGzip()))
            .build();
    PullRequest request = PullRequest.of(ImageName.parse("oci:" + layout), place.resolve("bundle"));
    return pulls.run("image\none", listener, progress -> client.pull(request, progress));
  }

  /// What the page says that is not zero, without times.
  private Map<String, String> numbers() {
    Map<String, String> numbers = new TreeMap<>();
    metrics
        .page()
        .lines()
        .filter(line -> !line.startsWith("#") && !line.endsWith(" 0") && !line.contains("seconds"))
        .forEach(line -> numbers.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
    return numbers;
  }

  private List<String> events() {
    return log.toString(UTF_8)
        .lines()
        .map(line -> line.replaceFirst("time=\\S+ ", "").replaceFirst(" seconds=\\S+", ""))
        .toList();
  }

  @Test
  void whatCameIsCounted() throws Exception {
    BuiltImage image = new ImageBuilder().layer(BASE).layer(TOP).layer(BASE).build();
    int packed = image.layers().get(0).bytes().length + image.layers().get(1).bytes().length;
    pull(image, ProgressListener.NONE);
    pull(image, ProgressListener.NONE);
    assertEquals(
        Map.of(
            "sealift_pulls_total{result=\"done\"}", "2",
            "sealift_layers_total{origin=\"fetched\"}", "2",
            "sealift_layers_total{origin=\"cached\"}", "2",
            "sealift_fetched_bytes_total", "" + packed,
            "sealift_unpacked_bytes_total", "" + (BASE.length + TOP.length)),
        numbers());
    String page = metrics.page();
    assertTrue(page.contains("\nsealift_pull_duration_seconds_count 2\n"), page);
    for (String stage :
        List.of("fetch", "digest_blob", "inflate", "digest_tar", "unpack", "commit")) {
      String none = "sealift_layer_stage_seconds_total{stage=\"" + stage + "\"} 0\n";
      assertTrue(!page.contains(none), none);
    }
    assertEquals(0, pulls.inFlight());
  }

  @Test
  void aPullIsToldFromItsBeginningToItsEnd() throws Exception {
    BuiltImage image = new ImageBuilder().layer(TOP).build();
    PullResult result = pull(image, ProgressListener.NONE);
    String layer =
        "event=layer image=\"image\\u000aone\" index=0 digest=%s size=%d stage="
            .formatted(image.layers().get(0).digest(), image.layers().get(0).bytes().length);
    assertEquals(
        List.of(
            "level=debug event=\"pull begins\" image=\"image\\u000aone\"",
            "level=debug event=\"image found\" image=\"image\\u000aone\" digest=%s layers=1"
                .formatted(image.digest()),
            "level=debug " + layer + "waiting",
            "level=debug " + layer + "fetching",
            "level=debug " + layer + "committing",
            "level=info " + layer + "stored",
            "level=info event=\"pull done\" image=\"image\\u000aone\" digest=%s bundle=%s layers=1 cached=0 fetched_bytes=%d unpacked_bytes=%d"
                .formatted(
                    image.digest(),
                    result.bundle().directory(),
                    image.layers().get(0).bytes().length,
                    TOP.length)),
        events());
  }

  @Test
  void aLayerThatAnotherPullBroughtIsShared() throws Exception {
    BuiltImage image = new ImageBuilder().layer(TOP).build();
    PullResult result = pull(image, ProgressListener.NONE);
    Descriptor layer = result.layers().get(0).descriptor();
    BuiltImage again = image;
    pulls.run(
        "again",
        ProgressListener.NONE,
        progress -> {
          progress.layer(0, layer, ProgressListener.Stage.WAITING_FOR_OTHER);
          try {
            return pull(again, progress);
          } catch (ImageException | InterruptedIOException | RuntimeException failed) {
            throw failed;
          } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
          }
        });
    // The inner one saw it in the store, the outer one had waited for it.
    assertEquals("1", numbers().get("sealift_layers_total{origin=\"shared\"}"));
    assertEquals("1", numbers().get("sealift_layers_total{origin=\"cached\"}"));
  }

  @Test
  void failuresAreCountedByTheirReason() {
    IntegrityException failure = new IntegrityException("verify x: found y");
    assertSame(
        failure,
        assertThrows(
            IntegrityException.class,
            () ->
                pulls.run(
                    "x",
                    ProgressListener.NONE,
                    _ -> {
                      throw failure;
                    })));
    assertThrows(
        InterruptedIOException.class,
        () ->
            pulls.run(
                "x",
                ProgressListener.NONE,
                _ -> {
                  throw new InterruptedIOException("cancelled");
                }));
    assertThrows(
        IllegalStateException.class,
        () ->
            pulls.run(
                "x",
                ProgressListener.NONE,
                _ -> {
                  throw new IllegalStateException("a defect");
                }));
    assertEquals(
        Map.of(
            "sealift_pulls_total{result=\"failed\"}", "2",
            "sealift_pulls_total{result=\"cancelled\"}", "1",
            "sealift_pull_failures_total{reason=\"integrity\"}", "1",
            "sealift_pull_failures_total{reason=\"cancelled\"}", "1",
            "sealift_pull_failures_total{reason=\"internal\"}", "1"),
        numbers());
    assertEquals(
        List.of(
            "level=warn event=\"pull failed\" image=x reason=integrity status=6 message=\"verify x: found y\"",
            "level=info event=\"pull cancelled\" image=x",
            "level=error event=\"pull failed\" image=x reason=internal defect=\"java.lang.IllegalStateException: a defect\""),
        events().stream()
            .filter(line -> !line.contains("begins"))
            .map(line -> line.replaceFirst(" at=\\S+ObservedPullsTest.\\S+$", ""))
            .toList());
  }

  @Test
  void aPullInFlightIsSeen() throws Exception {
    List<String> seen = new ArrayList<>();
    pull(
        new ImageBuilder().layer(TOP).build(),
        new ProgressListener() {
          @Override
          public void layer(int index, Descriptor layer, Stage stage) {
            seen.add(stage + " " + numbers().get("sealift_pulls_in_flight"));
          }
        });
    assertEquals(List.of("WAITING 1", "FETCHING 1", "COMMITTING 1", "STORED 1"), seen);
  }
}
