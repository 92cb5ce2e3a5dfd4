package io.sealift.kata;

import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.HubSettings;
import io.sealift.imageconfig.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is set for all images of a guest: by variables of the environment, or else a file, or else
/// the kernel's command line. Immutable.
///
/// @param environment of the process
/// @param configuration of the file and the kernel
record GuestSettings(Map<String, String> environment, Configuration configuration) {

  private static final Path KERNEL_COMMAND_LINE = Path.of("/proc/cmdline");

  /// Bytes of it; kernels have 4096 at most on most architectures.
  private static final int MAX_COMMAND_LINE = 1 << 16;

  /// Reads what there is.
  ///
  /// @param file of configuration; null for none
  /// @throws BadReferenceException when it cannot be read, or is not understood to the last key
  static GuestSettings read(@Nullable Path file, Map<String, String> environment)
      throws BadReferenceException {
    Configuration kernel = ofKernel();
    return new GuestSettings(environment, file == null ? kernel : ofFile(file).completedBy(kernel));
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

  private static Configuration ofKernel() {
    try (InputStream line = Files.newInputStream(KERNEL_COMMAND_LINE)) {
      return Configuration.ofKernel(
          new String(line.readNBytes(MAX_COMMAND_LINE), StandardCharsets.UTF_8));
    } catch (IOException hidden) {
      return Configuration.none();
    }
  }

  /// A variable of the environment; an empty one counts as absent.
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// What is set, and what set it; empty when nothing does.
  Optional<Configuration.Value> value(Setting setting) {
    return setting.variables().stream()
        .flatMap(name ->
            variable(name).map(text -> new Configuration.Value(text, "variable " + name)).stream())
        .findFirst()
        .or(() -> configuration.value(setting));
  }

  /// What is set; empty when nothing is.
  Optional<String> text(Setting setting) {
    return value(setting).map(Configuration.Value::text);
  }

  /// What is said besides images.
  HubSettings hub() {
    return configuration.hub();
  }
}
