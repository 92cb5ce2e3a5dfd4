package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.StatusRuntimeException;
import io.sealift.failure.BadReferenceException;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.telemetry.InProcessCollector;
import io.sealift.testing.telemetry.ReceivedSpan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector gets of the pulls of a node.
class TracesTest {

  private final InProcessRegistry registry = InProcessRegistry.start();
  private final InProcessCollector collector = new InProcessCollector();

  @TempDir Path directory;
  private TestNode node;

  @BeforeEach
  void prepare() throws Exception {
    node = new TestNode(directory, registry);
    node.environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url());
    node.environment.put("OTEL_BSP_SCHEDULE_DELAY", "1");
  }

  @AfterEach
  void end() throws Exception {
    node.close();
    collector.close();
    registry.close();
  }

  private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = spans.stream().filter(span -> span.name().equals(name)).toList();
    assertEquals(1, found.size(), spans.toString());
    return found.getFirst();
  }

  @Test
  void aPullIsATraceWithItsLayers() throws Exception {
    BuiltImage image =
        new ImageBuilder().layer(new TarBuilder().file("f", "content").build()).build();
    registry.push("app", "1", image);
    node.started().pull("registry.example/app:1");
    List<ReceivedSpan> spans = collector.await("pull");
    ReceivedSpan pull = only(spans, "pull");
    assertEquals("", pull.parent());
    assertEquals("registry.example/app:1", pull.attributes().get("sealift.image"));
    assertEquals(image.digest().toString(), pull.attributes().get("oci.manifest.digest"));
    assertEquals("sealift-cri", pull.resource().get("service.name"));
    assertEquals("1.2.3", pull.resource().get("service.version"));
    ReceivedSpan layer = only(spans, "layer");
    assertEquals(pull.id(), layer.parent());
    assertEquals("fetched", layer.attributes().get("sealift.layer.origin"));
    assertEquals(layer.id(), only(spans, "fetch").parent());
    assertEquals(List.of(), collector.refused());
  }

  @Test
  void aFailureIsOneToo() throws Exception {
    node.started();
    assertThrows(StatusRuntimeException.class, () -> node.pull("registry.example/missing:1"));
    ReceivedSpan pull = only(collector.await("pull"), "pull");
    assertEquals("not_found", pull.attributes().get("error.type"));
    assertTrue(pull.error().contains("missing"), pull.error());
  }

  @Test
  void anExporterThatIsNotThereEndsTheDaemonAtItsBeginning() {
    node.environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertEquals(
        "read OTEL_EXPORTER_OTLP_PROTOCOL=grpc: expected http/protobuf, which collectors take on port 4318",
        assertThrows(BadReferenceException.class, () -> node.started()).getMessage());
  }
}
