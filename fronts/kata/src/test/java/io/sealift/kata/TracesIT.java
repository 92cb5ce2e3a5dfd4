package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.DaemonProcess;
import io.sealift.testing.telemetry.InProcessCollector;
import io.sealift.testing.telemetry.ReceivedSpan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector gets of the pulls of a guest, from the daemon as it was packaged.
class TracesIT {

  @TempDir private Path dir;

  private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = spans.stream().filter(span -> span.name().equals(name)).toList();
    assertEquals(1, found.size(), spans.toString());
    return found.getFirst();
  }

  /// What waits to be sent is sent before the end.
  @Test
  void aPullIsATraceWithItsLayers() throws Exception {
    try (TestGuest guest = new TestGuest(dir);
        InProcessCollector collector = new InProcessCollector()) {
      guest.options.remove("--log-level=error");
      String digest = guest.push("app", "one").digest().toString();
      List<String> variables =
          List.of(
              "env",
              "OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url(),
              "OTEL_BSP_SCHEDULE_DELAY=600000");
      try (DaemonProcess daemon = DaemonProcess.start("kata", variables, guest.options)) {
        String listening = daemon.await("event=listening");
        assertTrue(listening.contains("traces=" + collector.url() + "/v1/traces"), listening);
        try (TestAgent agent = TestAgent.connect(guest.socket)) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        }
        assertEquals(List.of(), collector.spans());
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
        for (String line : daemon.lines()) {
          assertTrue(line.startsWith("time="), line);
        }
      }
      assertEquals(List.of(), collector.refused());
      ReceivedSpan pull = only(collector.spans(), "pull");
      assertEquals("sealift-kata", pull.resource().get("service.name"));
      assertEquals(guest.name("app"), pull.attributes().get("sealift.image"));
      assertEquals(digest, pull.attributes().get("oci.manifest.digest"));
      assertEquals(pull.id(), only(collector.spans(), "layer").parent());
    }
  }

  /// The log says so, and nothing of what only the collector is to see.
  @Test
  void aCollectorThatIsGoneKeepsNobodyWaiting() throws Exception {
    InProcessCollector gone = new InProcessCollector();
    gone.close();
    try (TestGuest guest = new TestGuest(dir)) {
      guest.options.remove("--log-level=error");
      guest.push("app", "one");
      List<String> variables =
          List.of(
              "env",
              "OTEL_EXPORTER_OTLP_ENDPOINT=" + gone.url(),
              "OTEL_EXPORTER_OTLP_HEADERS=x-token=s3same",
              "OTEL_EXPORTER_OTLP_TIMEOUT=100",
              "OTEL_BSP_SCHEDULE_DELAY=1");
      try (DaemonProcess daemon = DaemonProcess.start("kata", variables, guest.options)) {
        daemon.await("event=ready");
        try (TestAgent agent = TestAgent.connect(guest.socket)) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        }
        String message = daemon.await("Failed to export");
        assertTrue(message.contains("event=message"), message);
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
        for (String line : daemon.lines()) {
          assertFalse(line.contains("s3same"), line);
        }
      }
    }
  }

  @Test
  void withoutACollectorNothingOfTheLibraryIsLoaded() throws Exception {
    try (TestGuest guest = new TestGuest(dir)) {
      guest.options.remove("--log-level=error");
      guest.push("app", "one");
      try (DaemonProcess daemon =
          DaemonProcess.start(
              "kata", List.of("env", "SEALIFT_JAVA_FLAGS=-Xlog:class+load"), guest.options)) {
        daemon.await("event=ready");
        try (TestAgent agent = TestAgent.connect(guest.socket)) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        }
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
        List<String> lines = daemon.lines();
        assertTrue(lines.stream().anyMatch(line -> line.contains(" io.sealift.telemetry.")));
        assertEquals(
            List.of(), lines.stream().filter(line -> line.contains(" io.opentelemetry.")).toList());
      }
    }
  }
}
