package io.sealift.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sealift.failure.BadReferenceException;
import java.nio.charset.StandardCharsets;

/// Makes OpenTelemetry's own parts as settings say. A class apart, for who looks at one that names
/// those parts has some of them loaded.
final class Exporting {

  private Exporting() {}

  /// Exports in batches from now on, until it is shut down.
  static SdkTracerProvider provider(TracerSettings settings, ExporterSettings to)
      throws BadReferenceException {
    AttributesBuilder program = Attributes.builder();
    settings.resource().forEach(program::put);
    return SdkTracerProvider.builder()
        .setResource(Resource.getDefault().merge(Resource.create(program.build())))
        .setSampler(Sampler.traceIdRatioBased(settings.share()))
        .addSpanProcessor(
            BatchSpanProcessor.builder(exporter(to))
                .setScheduleDelay(settings.delay())
                .setExporterTimeout(settings.timeout())
                .setMaxQueueSize(settings.queue())
                .setMaxExportBatchSize(settings.batch())
                .build())
        .build();
  }

  private static OtlpHttpSpanExporter exporter(ExporterSettings settings)
      throws BadReferenceException {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(settings.timeout())
            .setConnectTimeout(settings.timeout())
            .setCompression(settings.gzip() ? "gzip" : "none");
    settings.headers().forEach(exporter::addHeader);
    String authorities = settings.authorities();
    ExporterSettings.Client client = settings.client();
    try {
      if (authorities != null) {
        exporter.setTrustedCertificates(bytes(authorities));
      }
      if (client != null) {
        exporter.setClientTls(bytes(client.key()), bytes(client.certificate()));
      }
      return exporter.build();
    } catch (IllegalStateException | IllegalArgumentException malformed) {
      throw new BadReferenceException(
          "read certificates and key of OTEL_EXPORTER_OTLP_…: expected PEM, the key as PKCS #8",
          malformed);
    }
  }

  private static byte[] bytes(String pem) {
    return pem.getBytes(StandardCharsets.ISO_8859_1);
  }
}
