package io.sealift.cli.options;

import picocli.CommandLine.Option;

/// Options of every command.
public final class CommonOptions {

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

  public boolean verbose() {
    return verbose || debug;
  }

  public boolean debug() {
    return debug;
  }
}
