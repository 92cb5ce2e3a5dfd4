package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    description = "Shows the help of a command, or of all of them at a glance.",
    footer = {"  sealift help", "  sealift help pull", "  sealift help policy check"})
final class HelpCommand extends BaseCommand {

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command to explain.")
  List<String> command = List.of();

  @Spec CommandSpec spec = CommandSpec.create();

  HelpCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() {
    CommandLine explained = spec.root().commandLine();
    for (String name : command) {
      CommandLine below = explained.getSubcommands().get(name);
      if (below == null) {
        throw new ParameterException(
            spec.commandLine(), "Unknown command '" + String.join(" ", command) + "'");
      }
      explained = below;
    }
    explained.usage(surroundings.out());
    return Program.DONE;
  }
}
