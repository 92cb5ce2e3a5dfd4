package io.sealift.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The `OpenTelemetry` of a program that uses Sealift, which keeps its spans.
final class ProgramsOwn implements OpenTelemetry {

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(new Kept())).build();

  private final class Kept implements SpanExporter {

    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      closed = true;
      return CompletableResultCode.ofSuccess();
    }
  }

  List<SpanData> spans() {
    return List.copyOf(spans);
  }

  boolean closed() {
    return closed;
  }

  @Override
  public TracerProvider getTracerProvider() {
    return provider;
  }

  @Override
  public ContextPropagators getPropagators() {
    return ContextPropagators.noop();
  }
}
