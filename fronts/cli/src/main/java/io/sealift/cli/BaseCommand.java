package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.CommonOptions;
import io.sealift.cli.options.Uris;
import io.sealift.failure.ImageException;
import io.sealift.imageconfig.Configuration;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.Optional;
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

  /// With the configuration, once the command runs.
  Surroundings surroundings;

  @Mixin final CommonOptions common = new CommonOptions();

  BaseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public final Integer call() throws ImageException, InterruptedIOException {
    Optional<String> file = common.config(surroundings);
    if (file.isPresent()) {
      surroundings = surroundings.with(configuration(file.get()));
    }
    return run();
  }

  private Configuration configuration(String place) throws ImageException, InterruptedIOException {
    SecretSource secrets = new Assembly(surroundings).secrets();
    return Configuration.parse(secrets.read(Uris.of(place), Configuration.MAX_BYTES), place);
  }

  /// Does the work.
  ///
  /// @return the exit status
  abstract Integer run() throws ImageException, InterruptedIOException;

  /// A line on standard error for those who want to know more.
  final void detail(String line) {
    if (common.verbose()) {
      surroundings.say(line);
    }
  }
}
