package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "help",
    description = "Shows the help of a command, or of all of them at a glance.",
    footer = {"  sealift help", "  sealift help pull"})
final class HelpCommand extends BaseCommand {

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command to explain.")
  @Nullable String command;

  @Spec CommandSpec spec = CommandSpec.create();

  HelpCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    CommandLine explained = command == null ? root : root.getSubcommands().get(command);
    if (explained == null) {
      throw new ParameterException(spec.commandLine(), "Unknown command '" + command + "'");
    }
    explained.usage(surroundings.out());
    return Program.DONE;
  }
}
