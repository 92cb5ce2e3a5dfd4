package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// One run of the command line: arguments enter, an exit status leaves, and every failure is one
/// line on standard error.
final class Program {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_USAGE = 2;
  static final int INTERRUPTED = 130;

  private final Surroundings surroundings;

  Program(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  int run(String... arguments) {
    int status;
    try {
      status = line(arguments).execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError exhausted) {
      surroundings.say("run: " + exhausted + "; give it more with SEALIFT_JAVA_FLAGS=-Xmx1g");
      status = FAILED;
    }
    surroundings.err().flush();
    // Also flushes. A reader that went away is no failure worth a line.
    boolean lost = surroundings.out().checkError();
    return status == DONE && lost ? FAILED : status;
  }

  /// With the one command that the arguments name, without any for the version, and with all of
  /// them where help is wanted or the command is unknown.
  private CommandLine line(String... arguments) {
    List<String> given = List.of(arguments);
    if (given.equals(List.of("--version")) || given.equals(List.of("-V"))) {
      return with(surroundings, List.of());
    }
    String name =
        given.stream().filter(argument -> !argument.startsWith("-")).findFirst().orElse("help");
    boolean one = Commands.has(name) && !name.equals("help");
    if (HeadStart.helps(name)) {
      HeadStart.begin(Commands.make(name, surroundings));
    }
    return with(surroundings, one ? List.of(name) : Commands.NAMES);
  }

  /// A command line with these commands.
  static CommandLine with(Surroundings surroundings, List<String> names) {
    CommandLine line = new CommandLine(new SealiftCommand());
    for (String name : names) {
      line.addSubcommand(name, Commands.make(name, surroundings));
    }
    Program program = new Program(surroundings);
    return line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setParameterExceptionHandler(program::badUsage)
        .setExecutionExceptionHandler(program::failed);
  }

  private int badUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String message = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("bad usage");
    List<String> similar =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    surroundings.say(
        message.substring(0, 1).toLowerCase(Locale.ROOT)
            + message.substring(1)
            + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?")
            + "; see '"
            + command.getCommandSpec().qualifiedName()
            + " --help'");
    trace(wrong, List.of(arguments).contains("--debug"));
    return BAD_USAGE;
  }

  private int failed(Exception failure, CommandLine command, ParseResult all) {
    boolean debug = command.getParseResult().hasMatchedOption("--debug");
    return switch (failure) {
      case ImageException image -> {
        surroundings.say(image.getMessage());
        trace(image, debug);
        yield image.exitStatus();
      }
      case InterruptedIOException interrupted -> {
        surroundings.say("interrupted; nothing unfinished was left behind");
        trace(interrupted, debug);
        yield INTERRUPTED;
      }
      case ParameterException wrong -> badUsage(wrong, new String[0]);
      default -> {
        surroundings.say(
            "run %s: %s, which is a defect of this program; --debug shows where"
                .formatted(command.getCommandName(), failure));
        trace(failure, debug);
        yield FAILED;
      }
    };
  }

  private void trace(Throwable failure, boolean wanted) {
    if (wanted) {
      failure.printStackTrace(surroundings.err());
    }
  }
}
