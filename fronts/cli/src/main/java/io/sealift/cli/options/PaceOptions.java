package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.Durations;
import io.sealift.imageconfig.Setting;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Timeouts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How long a registry may take, and how much is asked of it at once.
public final class PaceOptions {

  private static final String EXPECTED = "expected a time such as 15s, 500ms or 2m";

  @Option(
      names = "--max-connections-per-host",
      paramLabel = "N",
      order = 28,
      converter = Connections.class,
      description =
          "Use so many connections to each host at once, 1 to 64; what needs more waits. Default: 16.")
  @Nullable Integer maxConnectionsPerHost;

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

  /// Connections to each host.
  ///
  /// @throws BadReferenceException when a setting is no such number
  public int connections(Surroundings surroundings) throws BadReferenceException {
    if (maxConnectionsPerHost != null) {
      return maxConnectionsPerHost;
    }
    Optional<Configuration.Value> set = surroundings.settingWithOrigin(Setting.CONNECTIONS);
    if (set.isEmpty()) {
      return RegistryClient.Builder.CONNECTIONS;
    }
    return Connections.parse(set.get().text())
        .orElseThrow(() ->
            new BadReferenceException(
                "read %s: %s, found '%s'"
                    .formatted(set.get().origin(), Connections.EXPECTED, set.get().text())));
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

  /// Reads 1 to {@link RegistryClient.Builder#MAX_CONNECTIONS}.
  static final class Connections implements ITypeConverter<Integer> {

    private static final String EXPECTED =
        "expected 1 to " + RegistryClient.Builder.MAX_CONNECTIONS;

    @Override
    public Integer convert(String text) {
      return parse(text).orElseThrow(() -> new TypeConversionException(EXPECTED));
    }

    private static Optional<Integer> parse(String text) {
      return Optional.of(text)
          .filter(number -> number.matches("[1-9][0-9]?"))
          .map(Integer::valueOf)
          .filter(number -> number <= RegistryClient.Builder.MAX_CONNECTIONS);
    }
  }
}
