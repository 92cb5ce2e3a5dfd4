package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where images are kept and how their layers are stacked.
public final class StoreOptions {

  private static final Path OF_ROOT = Path.of("/var/lib/sealift");

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      order = 40,
      description =
          "Keep images in this directory. Default: /var/lib/sealift for root, otherwise"
              + " $$XDG_DATA_HOME/sealift or $$HOME/.local/share/sealift.")
  @Nullable Path workDir;

  @Option(
      names = "--snapshotter",
      paramLabel = "NAME",
      order = 41,
      defaultValue = "auto",
      description =
          "Stack layers by one of: ${COMPLETION-CANDIDATES}. auto is overlay where this process may"
              + " mount it for good, else copy. Default: ${DEFAULT-VALUE}.")
  Stacking snapshotter = Stacking.auto;

  @Option(
      names = "--userns",
      paramLabel = "WHEN",
      order = 42,
      defaultValue = "auto",
      description =
          "As an ordinary user with subordinate ids, work as root of a user namespace, so that owners"
              + " are kept: ${COMPLETION-CANDIDATES}. Files then belong to subordinate ids; remove"
              + " them with this program or in such a namespace. Default: ${DEFAULT-VALUE}.")
  Namespaces userns = Namespaces.auto;

  /// For a store of one's own.
  public static StoreOptions in(Path workDir) {
    StoreOptions options = new StoreOptions();
    options.workDir = workDir;
    return options;
  }

  public Path workDir(Surroundings surroundings) {
    if (workDir != null) {
      return workDir.toAbsolutePath().normalize();
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

  public Stacking snapshotter() {
    return snapshotter;
  }

  /// Ways to stack layers, named as on the command line.
  @SuppressWarnings("MemberName")
  public enum Stacking {
    auto,
    overlay,
    copy
  }

  /// When the launcher makes a user namespace; it reads this option itself.
  @SuppressWarnings("MemberName")
  enum Namespaces {
    auto,
    never
  }
}
