package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.imageconfig.Setting;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where images are kept.
public final class StoreOptions {

  private static final Path OF_ROOT = Path.of("/var/lib/sealift");

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      order = 40,
      description =
          "Keep images in this directory. Default: what the variable SEALIFT_WORK_DIR names, or else"
              + " /var/lib/sealift for root, otherwise"
              + " $$XDG_DATA_HOME/sealift or $$HOME/.local/share/sealift.")
  @Nullable Path workDir;

  /// For a store of one's own.
  public static StoreOptions in(Path workDir) {
    StoreOptions options = new StoreOptions();
    options.workDir = workDir;
    return options;
  }

  public Path workDir(Surroundings surroundings) {
    Optional<Path> named =
        Optional.ofNullable(workDir).or(() -> surroundings.setting(Setting.WORK_DIR).map(Path::of));
    if (named.isPresent()) {
      return named.get().toAbsolutePath().normalize();
    }
    if (surroundings.isRoot()) {
      return OF_ROOT;
    }
    return surroundings
        .variable("XDG_DATA_HOME")
        .map(Path::of)
        .orElseGet(() -> home(surroundings).resolve(".local/share"))
        .resolve("sealift");
  }

  private static Path home(Surroundings surroundings) {
    return Path.of(
        surroundings.variable("HOME").orElseGet(() -> System.getProperty("user.home", "/")));
  }
}
