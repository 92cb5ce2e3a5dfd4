package io.sealift.cri;

import io.sealift.failure.ImageException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// Where the process begins and ends.
final class Main {

  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;
  private static final int INTERRUPTED = 130;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(line(System.getenv()).execute(arguments));
  }

  static CommandLine line(Map<String, String> environment) {
    return new CommandLine(new ServeCommand(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setParameterExceptionHandler((wrong, _) -> badUsage(wrong))
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line));
  }

  private static int badUsage(ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("bad usage");
    say(
        wrong.getCommandLine(),
        message.substring(0, 1).toLowerCase(Locale.ROOT)
            + message.substring(1)
            + "; see 'sealift serve cri --help'");
    return BAD_USAGE;
  }

  private static int failed(Exception failure, CommandLine line) {
    return switch (failure) {
      case ImageException image -> {
        say(line, String.valueOf(image.getMessage()));
        yield image.exitStatus();
      }
      case InterruptedException _, java.io.InterruptedIOException _ -> {
        say(line, "interrupted");
        yield INTERRUPTED;
      }
      default -> {
        say(line, "serve: %s, which is a defect of this program".formatted(failure));
        yield FAILED;
      }
    };
  }

  private static void say(CommandLine line, String text) {
    line.getErr().println("sealift: " + text);
    line.getErr().flush();
  }
}
