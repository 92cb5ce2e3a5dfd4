package io.sealift.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Variables as the OpenTelemetry specification has them.
class SettingsTest {

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  /// Of settings divided by `;`.
  private static Map<String, String> environment(String settings) {
    Map<String, String> environment = new HashMap<>();
    for (String setting : settings.split(";", -1)) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        environment.put(setting.substring(0, equals), setting.substring(equals + 1));
      }
    }
    return environment;
  }

  private static ExporterSettings exporter(Map<String, String> environment) throws Exception {
    return ExporterSettings.of(new Variables(environment::get)).orElseThrow();
  }

  private static TracerSettings tracer(String settings) throws Exception {
    return TracerSettings.of(
        new Variables(environment(settings)::get), Map.of("service.name", "sealift-x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OTEL_SERVICE_NAME=x",
        "OTEL_EXPORTER_OTLP_ENDPOINT=",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://h;OTEL_SDK_DISABLED=TRUE",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://h;OTEL_TRACES_EXPORTER=none",
        "OTEL_EXPORTER_OTLP_ENDPOINT=nonsense;OTEL_TRACES_EXPORTER=None"
      })
  void withoutAnExporterThereAreNoTraces(String settings) throws Exception {
    assertNull(PullTraces.configured(environment(settings)::get, "x", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_ENDPOINT=http://h:4318                     | http://h:4318/v1/traces
          OTEL_EXPORTER_OTLP_ENDPOINT=https://h/base/                   | https://h/base/v1/traces
          OTEL_EXPORTER_OTLP_ENDPOINT=http://h;OTEL_SDK_DISABLED=false  | http://h/v1/traces
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://h/t?x=y             | http://h/t?x=y
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://h;OTEL_EXPORTER_OTLP_ENDPOINT=http://o | http://h
          OTEL_TRACES_EXPORTER=otlp                                     | http://localhost:4318/v1/traces
          OTEL_TRACES_EXPORTER=OTLP;OTEL_EXPORTER_OTLP_ENDPOINT=http://[::1]:1 | http://[::1]:1/v1/traces
          """)
  void theEndpoint(String settings, String endpoint) throws Exception {
    assertEquals(endpoint, exporter(environment(settings)).endpoint().toString());
  }

  @Test
  void whatIsSaidOfTracesAloneGoesBefore() throws Exception {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                ENDPOINT,
                "http://h",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "a=1",
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "grpc",
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "7",
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                "gzip"));
    environment.put("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api_key=x%3D%2Cy+z , b=,,");
    environment.put("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "HTTP/protobuf");
    environment.put("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "250");
    environment.put("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none");
    ExporterSettings settings = exporter(environment);
    assertEquals(Map.of("api_key", "x=,y+z", "b", ""), settings.headers());
    assertEquals(Duration.ofMillis(250), settings.timeout());
    assertFalse(settings.gzip());
    assertFalse(settings.toString().contains("x=,y"), settings.toString());
  }

  @Test
  void nothingElseIsNeeded() throws Exception {
    ExporterSettings settings = exporter(Map.of(ENDPOINT, "http://h"));
    assertEquals(Map.of(), settings.headers());
    assertEquals(Duration.ofSeconds(10), settings.timeout());
    assertFalse(settings.gzip());
    assertNull(settings.authorities());
    assertNull(settings.client());
    assertEquals(
        new TracerSettings(
            Map.of("service.name", "sealift-x"),
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            2048,
            512),
        tracer(""));
  }

  @Test
  void theProgramAndItsBatches() throws Exception {
    assertEquals(
        new TracerSettings(
            Map.of("service.name", "mine", "k8s.node.name", "n 1", "deployment.environment", "ü"),
            0.25,
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            300,
            300),
        tracer(
            "OTEL_SERVICE_NAME=mine;OTEL_TRACES_SAMPLER=parentbased_traceidratio;OTEL_TRACES_SAMPLER_ARG=0.25"
                + ";OTEL_RESOURCE_ATTRIBUTES=service.name=other,k8s.node.name=n%201,deployment.environment=%C3%BC"
                + ";OTEL_BSP_SCHEDULE_DELAY=1;OTEL_BSP_EXPORT_TIMEOUT=2;OTEL_BSP_MAX_QUEUE_SIZE=300"));
    assertEquals(
        "other",
        tracer("OTEL_RESOURCE_ATTRIBUTES=service.name=other").resource().get("service.name"));
  }

  /// What may be a secret stands in no message; other values do.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT=127.0.0.1:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT=ftp://x",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://user:s3same@x",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://s3same x",
        "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json",
        "OTEL_EXPORTER_OTLP_HEADERS=s3same",
        "OTEL_EXPORTER_OTLP_HEADERS=x=s3same%",
        "OTEL_EXPORTER_OTLP_HEADERS=x=s3same%0d%0ay:z",
        "OTEL_EXPORTER_OTLP_HEADERS=Host=s3same",
        "OTEL_EXPORTER_OTLP_TIMEOUT=soon",
        "OTEL_EXPORTER_OTLP_TIMEOUT=0",
        "OTEL_EXPORTER_OTLP_COMPRESSION=zstd",
        "OTEL_EXPORTER_OTLP_CERTIFICATE=/no/such/file",
        "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/dev/null",
        "OTEL_TRACES_EXPORTER=zipkin",
        "OTEL_TRACES_SAMPLER=xray",
        "OTEL_RESOURCE_ATTRIBUTES=s3same",
        "OTEL_BSP_SCHEDULE_DELAY=-1",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=4096"
      })
  void mistakesAreNamed(String setting) {
    Map<String, String> environment = environment(ENDPOINT + "=http://127.0.0.1:1;" + setting);
    String message =
        assertThrows(
                BadReferenceException.class,
                () -> {
                  try (PullTraces _ = PullTraces.configured(environment::get, "x", "1")) {
                    throw new AssertionError("taken");
                  }
                })
            .getMessage();
    assertTrue(message.startsWith("read " + setting.substring(0, setting.indexOf('='))), message);
    assertFalse(message.contains("s3same"), message);
  }

  /// Those for traces alone are not listed one by one.
  @Test
  void theDocumentHasEveryVariable() throws Exception {
    Map<String, String> environment =
        environment(ENDPOINT + "=http://127.0.0.1:1;OTEL_TRACES_SAMPLER=traceidratio");
    Set<String> read = new TreeSet<>();
    try (PullTraces _ =
        PullTraces.configured(
            name -> {
              read.add(name);
              return environment.get(name);
            },
            "x",
            "1")) {
      read.removeIf(name -> name.startsWith("OTEL_EXPORTER_OTLP_TRACES_"));
    }
    Set<String> documented = new TreeSet<>();
    Pattern.compile("OTEL_[A-Z_]+")
        .matcher(Files.readString(Path.of("../../docs/operations.md")))
        .results()
        .map(MatchResult::group)
        .filter(name -> !name.startsWith("OTEL_EXPORTER_OTLP_TRACES_"))
        .forEach(documented::add);
    assertEquals(read, documented);
  }

  @Test
  void grpcIsRefusedInOneLine() {
    assertEquals(
        "read OTEL_EXPORTER_OTLP_PROTOCOL=grpc: expected http/protobuf, which collectors take on port 4318",
        assertThrows(
                BadReferenceException.class,
                () -> exporter(Map.of(ENDPOINT, "http://h", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
            .getMessage());
  }
}
