package io.sealift.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.StoreException;
import io.sealift.oci.Descriptor;
import io.sealift.policy.Policy;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullResult;
import io.sealift.service.ObservedPulls;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.telemetry.InProcessCollector;
import io.sealift.testing.telemetry.ReceivedSpan;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Spans of pulls as a collector gets them.
class PullTracesTest {

  private static final Policy ANYTHING = Policy.insecureAcceptAnything("this test");

  @TempDir Path scratch;

  private final InProcessCollector collector = new InProcessCollector();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()));

  @AfterEach
  void end() {
    collector.close();
  }

  private PullTraces traces() throws Exception {
    return Objects.requireNonNull(PullTraces.configured(environment::get, "sealift-test", "1.2.3"));
  }

  private TestPulls pulls(PullTraces traces) throws Exception {
    return new TestPulls(scratch.toRealPath(), traces);
  }

  private static List<ReceivedSpan> named(List<ReceivedSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = named(spans, name);
    assertEquals(1, found.size(), spans.toString());
    return found.getFirst();
  }

  @Test
  void aPullIsOneTraceWithItsStepsLayersAndStages() throws Exception {
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "x-token=a%20b+c, x-other=d");
    TestPulls pulls;
    try (PullTraces traces = traces()) {
      pulls = pulls(traces);
      pulls.pull(ANYTHING);
    }
    List<ReceivedSpan> spans = collector.spans();
    ReceivedSpan pull = only(spans, "pull");
    assertEquals("", pull.parent());
    assertEquals("", pull.error());
    assertEquals(
        Map.of(
            "sealift.image",
            TestPulls.NAME,
            "oci.manifest.digest",
            pulls.image.digest().toString(),
            "sealift.layers",
            "2"),
        pull.attributes());
    assertEquals("sealift-test", pull.resource().get("service.name"));
    assertEquals("1.2.3", pull.resource().get("service.version"));
    assertEquals(pull.id(), only(spans, "find").parent());
    assertEquals(pull.id(), only(spans, "admit").parent());
    List<ReceivedSpan> layers = named(spans, "layer");
    assertEquals(2, layers.size());
    for (ReceivedSpan layer : layers) {
      assertEquals(pull.id(), layer.parent());
      int index = Integer.parseInt(layer.attributes().get("sealift.layer.index"));
      assertEquals(
          Map.of(
              "sealift.layer.index",
              "" + index,
              "sealift.layer.digest",
              pulls.image.layers().get(index).digest(),
              "sealift.layer.size",
              "" + pulls.image.layers().get(index).bytes().length,
              "sealift.layer.origin",
              "fetched"),
          layer.attributes());
      assertEquals(List.of("fetching", "committing", "stored"), layer.events());
      List<ReceivedSpan> stages =
          spans.stream().filter(span -> span.parent().equals(layer.id())).toList();
      assertEquals(
          new TreeSet<>(
              List.of("fetch", "digest_blob", "inflate", "digest_tar", "unpack", "commit")),
          new TreeSet<>(stages.stream().map(ReceivedSpan::name).toList()));
      for (ReceivedSpan stage : stages) {
        assertTrue(Long.parseLong(stage.attributes().get("sealift.worked_ns")) > 0);
      }
    }
    assertEquals(
        List.of(pull.trace()), spans.stream().map(ReceivedSpan::trace).distinct().toList());
    assertEquals(List.of(), collector.refused());
    assertEquals("a b+c", collector.headers().getFirst().get("x-token"));
    assertEquals("d", collector.headers().getFirst().get("x-other"));
  }

  @Test
  void layersThatWereThereHaveNoStages() throws Exception {
    TestPulls pulls;
    try (PullTraces traces = traces()) {
      pulls = pulls(traces);
      pulls.pull(ANYTHING);
      pulls.pull(ANYTHING);
    }
    List<ReceivedSpan> spans = collector.spans();
    assertEquals(2, named(spans, "pull").size());
    List<ReceivedSpan> cached =
        named(spans, "layer").stream()
            .filter(span -> "cached".equals(span.attributes().get("sealift.layer.origin")))
            .toList();
    assertEquals(2, cached.size(), spans.toString());
    for (ReceivedSpan layer : cached) {
      assertTrue(spans.stream().noneMatch(span -> span.parent().equals(layer.id())));
    }
  }

  @Test
  void aRefusalIsToldWithItsReasonWhereItHappened() throws Exception {
    try (PullTraces traces = traces()) {
      TestPulls pulls = pulls(traces);
      assertThrows(PolicyRefusedException.class, () -> pulls.pull(Policy.absent("write one")));
    }
    List<ReceivedSpan> spans = collector.spans();
    for (String name : List.of("pull", "admit")) {
      ReceivedSpan span = only(spans, name);
      assertTrue(span.error().contains("write one"), span.error());
      assertEquals("policy", span.attributes().get("error.type"));
    }
    assertEquals("", only(spans, "find").error());
    assertEquals(List.of(), named(spans, "layer"));
  }

  static List<Object[]> failures() {
    return List.of(
        new Object[] {
          (ObservedPulls.Pull<PullResult>)
              _ -> {
                throw new StoreException(
                    "write https://u:s3same@h/x: full", new IOException("s3same"));
              },
          "store",
          "write https://***@h/x: full"
        },
        new Object[] {
          (ObservedPulls.Pull<PullResult>)
              _ -> {
                throw new InterruptedIOException("s3same");
              },
          "cancelled",
          "cancelled"
        },
        new Object[] {
          (ObservedPulls.Pull<PullResult>)
              _ -> {
                throw new IllegalStateException("s3same");
              },
          "internal",
          "java.lang.IllegalStateException"
        });
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureHasAReasonAndNoSecrets(
      ObservedPulls.Pull<PullResult> failing, String reason, String message) throws Exception {
    try (PullTraces traces = traces()) {
      assertThrows(
          Exception.class, () -> pulls(traces).run("u:s3same@registry.example/app:1", failing));
    }
    ReceivedSpan pull = only(collector.spans(), "pull");
    assertEquals(
        Map.of("sealift.image", "***@registry.example/app:1", "error.type", reason),
        pull.attributes());
    assertEquals(message, pull.error());
  }

  @Test
  void aLayerThatWasNotDoneIsToldAsFarAsItCame() throws Exception {
    try (PullTraces traces = traces()) {
      TestPulls pulls = pulls(traces).withoutLayer(1);
      assertThrows(ImageException.class, () -> pulls.pull(ANYTHING));
    }
    List<ReceivedSpan> spans = collector.spans();
    assertEquals("not_found", only(spans, "pull").attributes().get("error.type"));
    ReceivedSpan broken =
        named(spans, "layer").stream()
            .filter(span -> "1".equals(span.attributes().get("sealift.layer.index")))
            .findFirst()
            .orElseThrow();
    assertEquals("not done", broken.error());
    assertFalse(broken.attributes().containsKey("sealift.layer.origin"));
  }

  @Test
  void whatIsToldIsBounded() throws Exception {
    String text = "x".repeat(100_000);
    try (PullTraces traces = traces()) {
      TestPulls pulls = pulls(traces);
      Descriptor layer = pulls.image.layers().getFirst().descriptor();
      assertThrows(
          InterruptedIOException.class,
          () ->
              pulls.run(
                  text,
                  progress -> {
                    for (int i = 0; i < 1000; i++) {
                      progress.layer(i, layer, ProgressListener.Stage.CACHED);
                      progress.note(text);
                    }
                    throw new InterruptedIOException();
                  }));
    }
    List<ReceivedSpan> spans = collector.spans();
    assertEquals(128, named(spans, "layer").size());
    ReceivedSpan pull = only(spans, "pull");
    assertEquals("872", pull.attributes().get("sealift.layers.untold"));
    assertEquals(512, Objects.requireNonNull(pull.attributes().get("sealift.image")).length());
    assertEquals(32, pull.events().size());
    pull.events().forEach(event -> assertEquals(512, event.length()));
  }

  /// A pull does not wait for a collector that is not there, is in trouble, or says nothing;
  /// neither does the end.
  @ParameterizedTest
  @CsvSource({"gone", "503 busy", "401 who are you", "''"})
  void nobodyHasToListen(String answer) throws Exception {
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "1");
    environment.put("OTEL_BSP_MAX_QUEUE_SIZE", "2");
    if (answer.equals("gone")) {
      collector.close();
    } else {
      collector.answers(answer);
    }
    PullTraces traces = traces();
    TestPulls pulls = pulls(traces);
    pulls.pull(ANYTHING);
    if (!answer.equals("gone")) {
      collector.await(1);
    }
    pulls.pull(ANYTHING);
    traces.close(Duration.ofMillis(1));
    assertEquals(List.of(), collector.spans());
  }

  @Test
  void theCollectorMayWantToSeeACertificate() throws Exception {
    ServerCertificate server = ServerCertificate.make();
    ServerCertificate client = ServerCertificate.make();
    try (InProcessCollector secure = InProcessCollector.https(server, client)) {
      environment.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", secure.url() + "/v1/traces");
      environment.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
      environment.put("OTEL_EXPORTER_OTLP_CERTIFICATE", file("server.pem", server.pem()));
      environment.put("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("own.pem", client.pem()));
      environment.put("OTEL_EXPORTER_OTLP_CLIENT_KEY", file("own.key", client.keyPem()));
      try (PullTraces traces = traces()) {
        pulls(traces).pull(ANYTHING);
      }
      assertEquals("", only(secure.spans(), "pull").error());
      assertEquals("gzip", secure.headers().getFirst().get("content-encoding"));
    }
    assertEquals(List.of(), collector.spans());
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(scratch.resolve(name), text).toString();
  }

  /// A program's own `OpenTelemetry`, which is nobody's to close here.
  @Test
  void spansLieInTheirParents() throws Exception {
    ProgramsOwn telemetry = new ProgramsOwn();
    try (PullTraces traces = PullTraces.of(telemetry)) {
      pulls(traces).pull(ANYTHING);
    }
    assertFalse(telemetry.closed());
    Map<String, SpanData> byId = new HashMap<>();
    telemetry.spans().forEach(span -> byId.put(span.getSpanId(), span));
    assertEquals(17, byId.size(), byId.toString()); // pull, find, admit, 2 layers of 6 stages
    for (SpanData span : byId.values()) {
      SpanData parent = byId.get(span.getParentSpanId());
      if (parent == null) {
        assertEquals("pull", span.getName());
      } else {
        assertTrue(parent.getStartEpochNanos() <= span.getStartEpochNanos(), span.toString());
        assertTrue(span.getStartEpochNanos() <= span.getEndEpochNanos(), span.toString());
        assertTrue(span.getEndEpochNanos() <= parent.getEndEpochNanos(), span.toString());
      }
    }
  }

  @Test
  void noTracesAreMadeWhereNoneAreSampled() throws Exception {
    environment.put("OTEL_TRACES_SAMPLER", "always_off");
    try (PullTraces traces = traces()) {
      pulls(traces).pull(ANYTHING);
    }
    assertEquals(List.of(), collector.spans());
  }
}
