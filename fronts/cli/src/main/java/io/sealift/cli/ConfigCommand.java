package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks into the configuration.",
    footer = {
      "  sealift config show",
      "  sealift config show --config /etc/image.toml --output json"
    })
final class ConfigCommand extends BaseCommand {

  @Spec CommandSpec spec = CommandSpec.create();

  private ConfigCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /// With its own command.
  static CommandLine make(Surroundings surroundings) {
    return new CommandLine(new ConfigCommand(surroundings))
        .addSubcommand("show", new ConfigShowCommand(surroundings));
  }

  @Override
  Integer run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
