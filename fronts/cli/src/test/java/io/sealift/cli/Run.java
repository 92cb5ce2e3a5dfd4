package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One run of the command line in this process, and what came of it.
record Run(int status, String out, String err) {

  /// Without a terminal, with nothing but these variables in the environment, and without this
  /// machine's settings of registries unless a variable names some.
  static Run of(Map<String, String> environment, String... arguments) {
    return of(environment, _ -> Optional.empty(), arguments);
  }

  static Run of(String... arguments) {
    return of(new HashMap<>(), arguments);
  }

  static Run of(Map<String, String> environment, Surroundings.Prompt prompt, String... arguments) {
    return of(environment, Configuration.none(), prompt, arguments);
  }

  /// On a machine that was started with this command line of the kernel.
  static Run ofGuest(
      String kernelCommandLine, Map<String, String> environment, String... arguments) {
    return of(
        environment, Configuration.ofKernel(kernelCommandLine), _ -> Optional.empty(), arguments);
  }

  private static Run of(
      Map<String, String> environment,
      Configuration configuration,
      Surroundings.Prompt prompt,
      String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> variables = new HashMap<>(environment);
    if (configuration.value(Setting.REGISTRIES).isEmpty()
        && Stream.of(arguments).noneMatch(argument -> argument.startsWith("--config="))) {
      variables.putIfAbsent("CONTAINERS_REGISTRIES_CONF", "/dev/null");
    }
    int status =
        new Program(
                new Surroundings(
                    new PrintStream(out, false, StandardCharsets.UTF_8),
                    new PrintStream(err, false, StandardCharsets.UTF_8),
                    false,
                    false,
                    variables,
                    configuration,
                    prompt))
            .run(arguments);
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
