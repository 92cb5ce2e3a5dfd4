package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.CommonOptions;
import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What every command has.
@Command(
    sortOptions = false,
    abbreviateSynopsis = true,
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    footerHeading = "%nExamples:%n")
abstract class BaseCommand implements Callable<Integer> {

  final Surroundings surroundings;

  @Mixin final CommonOptions common = new CommonOptions();

  BaseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Does the work.
  ///
  /// @return the exit status
  @Override
  public abstract Integer call() throws ImageException, InterruptedIOException;

  /// A line on standard error for those who want to know more.
  final void detail(String line) {
    if (common.verbose()) {
      surroundings.say(line);
    }
  }
}
