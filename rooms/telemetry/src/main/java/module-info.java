/// Traces of pulls for OpenTelemetry.
module io.sealift.telemetry {
  requires transitive io.opentelemetry.api;
  requires transitive io.sealift.core;
  requires transitive io.sealift.service;
  requires io.opentelemetry.context;
  requires io.opentelemetry.exporter.otlp;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.trace;
  // What sends the traces has no module descriptor that would ask for it.
  requires java.net.http;
  requires static org.jspecify;

  exports io.sealift.telemetry;
}
