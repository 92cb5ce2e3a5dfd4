package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "policy",
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks into policies: what is wrong with one, and what it demands of an image.",
    footer = {
      "  sealift policy check /etc/containers/policy.json",
      "  sealift policy explain policy.json registry.example/app:v1"
    })
final class PolicyCommand extends CommandGroup {

  private PolicyCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /// With its own commands.
  static CommandLine make(Surroundings surroundings) {
    return new CommandLine(new PolicyCommand(surroundings))
        .addSubcommand("check", new PolicyCheckCommand(surroundings))
        .addSubcommand("explain", new PolicyExplainCommand(surroundings));
  }
}
