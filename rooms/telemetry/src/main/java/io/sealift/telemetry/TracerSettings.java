package io.sealift.telemetry;

import io.sealift.failure.BadReferenceException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the environment says of traces before they are exported (OpenTelemetry specification,
/// "General SDK Configuration" and "Batch Span Processor").
///
/// | variable | says |
/// |---|---|
/// | `OTEL_SERVICE_NAME` | what the program is called |
/// | `OTEL_RESOURCE_ATTRIBUTES` | `NAME=VALUE,…`, percent-encoded: what else there is to say of it |
/// | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | `always_on`, `always_off`, or `traceidratio` and the share from 0 to 1; the same with `parentbased_` before, for no trace has a parent elsewhere |
/// | `OTEL_BSP_SCHEDULE_DELAY` | milliseconds between two exports |
/// | `OTEL_BSP_EXPORT_TIMEOUT` | milliseconds that one may take |
/// | `OTEL_BSP_MAX_QUEUE_SIZE` | spans that wait; more are dropped |
/// | `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` | spans that are exported at once |
///
/// @param share of pulls that have a trace, from 0 to 1
record TracerSettings(
    Map<String, String> resource,
    double share,
    Duration delay,
    Duration timeout,
    int queue,
    int batch) {

  private static final String SERVICE = "service.name";

  /// The specification's own numbers.
  private static final int DELAY_MILLISECONDS = 5000;

  private static final int TIMEOUT_MILLISECONDS = 30_000;
  private static final int QUEUE = 2048;
  private static final int BATCH = 512;

  TracerSettings {
    resource = Map.copyOf(resource);
  }

  /// @param program what it is called when nothing else is said
  static TracerSettings of(Variables variables, Map<String, String> program)
      throws BadReferenceException {
    Map<String, String> resource = new LinkedHashMap<>(program);
    resource.putAll(
        variables
            .get("OTEL_RESOURCE_ATTRIBUTES")
            .pairs(name -> name.matches("[\\x21-\\x7e]+"), _ -> true));
    Variables.Variable service = variables.get("OTEL_SERVICE_NAME");
    if (service.isSet()) {
      resource.put(SERVICE, service.text());
    }
    int queue = variables.get("OTEL_BSP_MAX_QUEUE_SIZE").number(1, QUEUE);
    Variables.Variable batch = variables.get("OTEL_BSP_MAX_EXPORT_BATCH_SIZE");
    int spans = batch.number(1, Math.min(BATCH, queue));
    if (spans > queue) {
      throw batch.refused("no more than wait at a time, which are %d".formatted(queue));
    }
    return new TracerSettings(
        resource,
        share(variables),
        Duration.ofMillis(variables.get("OTEL_BSP_SCHEDULE_DELAY").number(1, DELAY_MILLISECONDS)),
        Duration.ofMillis(variables.get("OTEL_BSP_EXPORT_TIMEOUT").number(1, TIMEOUT_MILLISECONDS)),
        queue,
        spans);
  }

  private static double share(Variables variables) throws BadReferenceException {
    Variables.Variable sampler = variables.get("OTEL_TRACES_SAMPLER");
    return switch (sampler.lowerCase()) {
      case "", "always_on", "parentbased_always_on" -> 1;
      case "always_off", "parentbased_always_off" -> 0;
      case "traceidratio", "parentbased_traceidratio" ->
          ratio(variables.get("OTEL_TRACES_SAMPLER_ARG"));
      default -> throw sampler.refused("always_on, always_off or traceidratio");
    };
  }

  private static double ratio(Variables.Variable share) throws BadReferenceException {
    if (!share.isSet()) {
      return 1;
    }
    if (!share.text().matches("0|1|[01]?\\.[0-9]{1,18}") || Double.parseDouble(share.text()) > 1) {
      throw share.refused("a number from 0 to 1");
    }
    return Double.parseDouble(share.text());
  }
}
