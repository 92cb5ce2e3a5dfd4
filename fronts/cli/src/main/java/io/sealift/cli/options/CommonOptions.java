package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of every command.
public final class CommonOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      order = 99,
      description =
          "Take settings that no option and no variable says from this file, JSON or TOML with the keys"
              + " of image-rs: a path, or a URI such as kbs:///default/config/image. Default: what the"
              + " variable SEALIFT_CONFIG names, or else the kernel's command line. See 'sealift config"
              + " show'.")
  @Nullable String config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 100,
      description = "Show this help and end.")
  boolean help;

  @Option(
      names = {"-v", "--verbose"},
      order = 101,
      description = "Say more about what is done and with what.")
  boolean verbose;

  @Option(names = "--debug", order = 102, description = "Show the stack trace of a failure.")
  boolean debug;

  /// The file of settings, a path or URI; empty when there is none.
  public Optional<String> config(Surroundings surroundings) {
    return Optional.ofNullable(config).or(() -> surroundings.variable("SEALIFT_CONFIG"));
  }

  public boolean verbose() {
    return verbose || debug;
  }

  public boolean debug() {
    return debug;
  }
}
