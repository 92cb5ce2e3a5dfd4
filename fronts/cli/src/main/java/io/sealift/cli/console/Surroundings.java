package io.sealift.cli.console;

import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.imageconfig.Setting;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a command finds around itself. Tests put their own in its place.
///
/// @param out for results; buffered
/// @param err for progress and diagnostics
/// @param coloured whether `out` is a terminal that shows colours, and nobody forbade them
/// @param drawable whether `err` is a terminal that lines can be drawn on
/// @param environment of the process
/// @param configuration of a file, or else of the kernel
/// @param prompt asks the user
public record Surroundings(
    PrintStream out,
    PrintStream err,
    boolean coloured,
    boolean drawable,
    Map<String, String> environment,
    Configuration configuration,
    Prompt prompt) {

  /// Bytes of results that are written at once.
  private static final int BUFFER_BYTES = 1 << 16;

  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// Those of this process. Everything is written in UTF-8, whatever the locale.
  public static Surroundings ofProcess() {
    return new Surroundings(
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        isTerminal(1) && isEmpty(System.getenv("NO_COLOR")),
        isTerminal(2),
        System.getenv(),
        ProcessSettings.ofKernel(),
        Surroundings::askOnTerminal);
  }

  /// By the name of the file behind the descriptor: the Java platform can tell only about standard
  /// input and output.
  private static boolean isTerminal(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      boolean terminal =
          file.startsWith("/dev/pts/")
              || file.startsWith("/dev/tty")
              || file.equals("/dev/console");
      return terminal && !"dumb".equals(System.getenv("TERM"));
    } catch (IOException unknown) {
      return false;
    }
  }

  private static boolean isEmpty(@Nullable String value) {
    return value == null || value.isEmpty();
  }

  private static Optional<char[]> askOnTerminal(String question) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readPassword("%s: ", question));
  }

  /// A variable of the environment; an empty one counts as absent.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// These with a variable that takes the place of what they have.
  public Surroundings with(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Surroundings(out, err, coloured, drawable, changed, configuration, prompt);
  }

  /// These with a configuration that takes the place of theirs.
  public Surroundings with(Configuration other) {
    return new Surroundings(out, err, coloured, drawable, environment, other, prompt);
  }

  /// What the environment, or else the configuration, sets; empty when nothing does.
  public Optional<String> setting(Setting setting) {
    return settingWithOrigin(setting).map(Configuration.Value::text);
  }

  /// The same, with what set it.
  public Optional<Configuration.Value> settingWithOrigin(Setting setting) {
    return new ProcessSettings(environment, configuration).value(setting);
  }

  /// A program, as a shell would find it, or in a usual place.
  public Optional<Path> program(String name) {
    String path = variable("PATH").map(given -> given + ":").orElse("") + USUAL_PATH;
    return Arrays.stream(path.split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A line for people on standard error.
  public void say(String line) {
    err.println("sealift: " + line);
  }

  /// Whether this process is root of a user namespace that the launcher made, so that it may give
  /// files any owner but its mounts end with it.
  public boolean inOwnNamespace() {
    return variable("SEALIFT_USERNS").isPresent();
  }

  /// The number of this process's user; empty when it is not known, as in a user namespace that the
  /// launcher made.
  public Optional<Integer> user() {
    if (inOwnNamespace()) {
      return Optional.empty();
    }
    try {
      return Optional.of((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return Optional.empty();
    }
  }

  /// Whether this process is root, and not only of a user namespace that the launcher made.
  public boolean isRoot() {
    return user().filter(user -> user == 0).isPresent();
  }

  /// Asks the user for something that is not to be seen.
  @FunctionalInterface
  public interface Prompt {

    /// The answer, which is not echoed; empty when there is no terminal to ask on.
    Optional<char[]> secret(String question);
  }
}
