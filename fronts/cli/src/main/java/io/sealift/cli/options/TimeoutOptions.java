package io.sealift.cli.options;

import io.sealift.cli.console.Durations;
import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.Setting;
import io.sealift.registry.Timeouts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How long a registry may take.
public final class TimeoutOptions {

  private static final String EXPECTED = "expected a time such as 15s, 500ms or 2m";

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      order = 28,
      converter = Time.class,
      description =
          "Give up on a connection that took longer to come about, TLS included: 15s, 500ms, 2m."
              + " Default: 15s.")
  @Nullable Duration connect;

  @Option(
      names = "--read-timeout",
      paramLabel = "TIME",
      order = 28,
      converter = Time.class,
      description =
          "Give up on a connection when an answer does not begin within this time, or nothing"
              + " more of it came for so long. Default: 1m.")
  @Nullable Duration read;

  @Option(
      names = "--total-timeout",
      paramLabel = "TIME",
      order = 28,
      converter = Time.class,
      description =
          "Give up on a place that did not give a manifest or a layer within this time, further tries"
              + " included. Default: a slow place is waited for as long as it gives something.")
  @Nullable Duration total;

  /// @throws BadReferenceException when a setting is no time
  public Timeouts timeouts(Surroundings surroundings) throws BadReferenceException {
    Timeouts standard = Timeouts.DEFAULT;
    Duration connecting = connect != null ? connect : set(surroundings, Setting.CONNECT_TIMEOUT);
    Duration reading = read != null ? read : set(surroundings, Setting.READ_TIMEOUT);
    return new Timeouts(
        connecting != null ? connecting : standard.connect(),
        reading != null ? reading : standard.read(),
        total != null ? total : set(surroundings, Setting.TOTAL_TIMEOUT));
  }

  private static @Nullable Duration set(Surroundings surroundings, Setting setting)
      throws BadReferenceException {
    Optional<Configuration.Value> set = surroundings.settingWithOrigin(setting);
    if (set.isEmpty()) {
      return null;
    }
    return Durations.parse(set.get().text())
        .orElseThrow(() ->
            new BadReferenceException(
                "read %s: %s, found '%s'"
                    .formatted(set.get().origin(), EXPECTED, set.get().text())));
  }

  /// Reads `15s`, `500ms`, `2m`.
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Durations.parse(text).orElseThrow(() -> new TypeConversionException(EXPECTED));
    }
  }
}
