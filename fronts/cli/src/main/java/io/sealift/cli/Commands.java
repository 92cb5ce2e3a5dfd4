package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import java.util.List;

/// The table of commands. Only the one that was asked for is loaded, for reading the annotations of
/// all of them would take longer than many a command runs.
final class Commands {

  /// In the order of the help.
  static final List<String> NAMES =
      List.of(
          "pull",
          "unpack",
          "inspect",
          "places",
          "verify",
          "policy",
          "decrypt-key",
          "ls",
          "cat",
          "images",
          "rm",
          "gc",
          "pin",
          "fsck",
          "mounts",
          "unmount",
          "config",
          "serve",
          "doctor",
          "demo",
          "completion",
          "help");

  /// Runs once after a build, to show the JVM what commands do; not in the help.
  static final String REHEARSE = "rehearse";

  private Commands() {}

  static boolean has(String name) {
    return name.equals(REHEARSE) || NAMES.contains(name);
  }

  /// A command of the table.
  static Object make(String name, Surroundings surroundings) {
    return switch (name) {
      case "pull" -> new PullCommand(surroundings);
      case "unpack" -> new UnpackCommand(surroundings);
      case "inspect" -> new InspectCommand(surroundings);
      case "places" -> new PlacesCommand(surroundings);
      case "verify" -> new VerifyCommand(surroundings);
      case "policy" -> PolicyCommand.make(surroundings);
      case "decrypt-key" -> new DecryptKeyCommand(surroundings);
      case "ls" -> new LsCommand(surroundings);
      case "cat" -> new CatCommand(surroundings);
      case "images" -> new ImagesCommand(surroundings);
      case "rm" -> new RmCommand(surroundings);
      case "gc" -> new GcCommand(surroundings);
      case "pin" -> new PinCommand(surroundings);
      case "fsck" -> new FsckCommand(surroundings);
      case "mounts" -> new MountsCommand(surroundings);
      case "unmount" -> new UnmountCommand(surroundings);
      case "config" -> ConfigCommand.make(surroundings);
      case "serve" -> new ServeCommand(surroundings);
      case "doctor" -> new DoctorCommand(surroundings);
      case "demo" -> new DemoCommand(surroundings);
      case "completion" -> new CompletionCommand(surroundings);
      case "help" -> new HelpCommand(surroundings);
      case REHEARSE -> new RehearseCommand(surroundings);
      default -> throw new IllegalArgumentException("no such command: " + name);
    };
  }
}
