package io.sealift.imageconfig;

import io.sealift.failure.BadReferenceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is set for all images of a daemon where no option says it: by variables of the environment,
/// or else a file, or else the kernel's command line. Immutable.
///
/// @param environment of the process
/// @param configuration of the file and the kernel
public record ProcessSettings(Map<String, String> environment, Configuration configuration) {

  private static final Path KERNEL_COMMAND_LINE = Path.of("/proc/cmdline");

  /// Bytes of it; kernels have 4096 at most on most architectures.
  private static final int MAX_COMMAND_LINE = 1 << 16;

  public ProcessSettings {
    environment = Map.copyOf(environment);
  }

  /// Reads what there is.
  ///
  /// @param file of configuration; null for what `SEALIFT_CONFIG` names, or else the kernel's
  ///   command line alone
  /// @throws BadReferenceException when it cannot be read, or is not understood to the last key
  public static ProcessSettings read(@Nullable Path file, Map<String, String> environment)
      throws BadReferenceException {
    String named = environment.getOrDefault("SEALIFT_CONFIG", "");
    Path place = file != null || named.isEmpty() ? file : Path.of(named);
    Configuration kernel = ofKernel();
    return new ProcessSettings(
        environment, place == null ? kernel : ofFile(place).completedBy(kernel));
  }

  private static Configuration ofFile(Path file) throws BadReferenceException {
    try (InputStream stream = Files.newInputStream(file)) {
      return Configuration.parse(stream.readNBytes(Configuration.MAX_BYTES + 1), file.toString());
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read configuration %s: %s; make it readable, or name another file with --config"
              .formatted(file, unreadable),
          unreadable);
    }
  }

  /// What the kernel's command line says; nothing where it is hidden.
  public static Configuration ofKernel() {
    try (InputStream line = Files.newInputStream(KERNEL_COMMAND_LINE)) {
      return Configuration.ofKernel(
          new String(line.readNBytes(MAX_COMMAND_LINE), StandardCharsets.UTF_8));
    } catch (IOException hidden) {
      return Configuration.none();
    }
  }

  /// A variable of the environment; an empty one counts as absent.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// What is set, and what set it; empty when nothing does.
  public Optional<Configuration.Value> value(Setting setting) {
    for (String name : setting.variables()) {
      Optional<String> text = variable(name);
      if (text.isPresent()) {
        return Optional.of(new Configuration.Value(text.get(), "variable " + name));
      }
    }
    return configuration.value(setting);
  }

  /// What is set; empty when nothing is.
  public Optional<String> text(Setting setting) {
    return value(setting).map(Configuration.Value::text);
  }

  /// What is set as a time; empty when nothing is.
  ///
  /// @throws BadReferenceException when it is none
  public Optional<Duration> time(Setting setting) throws BadReferenceException {
    Configuration.Value set = value(setting).orElse(null);
    if (set == null) {
      return Optional.empty();
    }
    Optional<Duration> time = Durations.parse(set.text());
    if (time.isEmpty()) {
      throw new BadReferenceException(
          "read %s: expected a time such as 15s, 500ms or 2m, found '%s'"
              .formatted(set.origin(), set.text()));
    }
    return time;
  }

  /// What is set as a number from 1 to `most`, or else `otherwise`.
  ///
  /// @throws BadReferenceException when it is none of them
  public int number(Setting setting, int most, int otherwise) throws BadReferenceException {
    Configuration.Value set = value(setting).orElse(null);
    if (set == null) {
      return otherwise;
    }
    int number = set.text().matches("[0-9]{1,4}") ? Integer.parseInt(set.text()) : 0;
    if (number < 1 || number > most) {
      throw new BadReferenceException(
          "read %s: expected 1 to %d, found '%s'".formatted(set.origin(), most, set.text()));
    }
    return number;
  }
}
