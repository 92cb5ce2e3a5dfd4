package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "config",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks into the configuration.",
    footer = {
      "  sealift config show",
      "  sealift config show --config /etc/image.toml --output json"
    })
final class ConfigCommand extends CommandGroup {

  private ConfigCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /// With its own command.
  static CommandLine make(Surroundings surroundings) {
    return new CommandLine(new ConfigCommand(surroundings))
        .addSubcommand("show", new ConfigShowCommand(surroundings));
  }
}
