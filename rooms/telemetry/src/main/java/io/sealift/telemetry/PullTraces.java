package io.sealift.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.sealift.failure.BadReferenceException;
import io.sealift.pull.ProgressListener;
import io.sealift.service.PullObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes a trace of each pull, from its making until {@link #close}, which sends what waits to be
/// sent. Thread-safe. What cannot be sent is dropped: no pull waits for a collector, or fails with
/// it.
public final class PullTraces implements PullObserver, AutoCloseable {

  private static final String SCOPE = "io.sealift";

  /// How long the end of a daemon may take to send the last spans. Of the 90 seconds after which
  /// systemd kills it, calls that have to be broken off and their answers take 85.
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private final Tracer tracer;
  private final String to;

  /// Null when somebody else's.
  private final @Nullable SdkTracerProvider provider;

  private PullTraces(Tracer tracer, String to, @Nullable SdkTracerProvider provider) {
    this.tracer = tracer;
    this.to = to;
    this.provider = provider;
  }

  /// Spans for a program that has an `OpenTelemetry` of its own, which it closes itself.
  public static PullTraces of(OpenTelemetry telemetry) {
    return new PullTraces(telemetry.getTracer(SCOPE), "the program", null);
  }

  /// Spans for the collector that the environment names by OpenTelemetry's variables; null when it
  /// names none, and then nothing of OpenTelemetry is loaded.
  ///
  /// @param environment gives a variable, or null
  /// @param service what this program is called unless the environment says otherwise
  /// @throws BadReferenceException when a variable is not sound, or asks for what is not there
  public static @Nullable PullTraces configured(
      UnaryOperator<@Nullable String> environment, String service, String version)
      throws BadReferenceException {
    Variables variables = new Variables(environment);
    Optional<ExporterSettings> exporter = ExporterSettings.of(variables);
    if (exporter.isEmpty()) {
      return null;
    }
    TracerSettings tracer =
        TracerSettings.of(variables, Map.of("service.name", service, "service.version", version));
    SdkTracerProvider provider = Exporting.provider(tracer, exporter.get());
    return new PullTraces(provider.get(SCOPE), exporter.get().place(), provider);
  }

  @Override
  public Observation begin(String image, ProgressListener next) {
    return new PullTrace(tracer, image, next);
  }

  @Override
  public void close() {
    close(CLOSING);
  }

  void close(Duration patience) {
    if (provider != null) {
      provider.shutdown().join(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /// Where the spans go.
  @Override
  public String toString() {
    return to;
  }
}
