package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that has commands of its own, and does nothing without one.
abstract class CommandGroup extends BaseCommand {

  @Spec CommandSpec spec = CommandSpec.create();

  CommandGroup(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  final Integer run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
