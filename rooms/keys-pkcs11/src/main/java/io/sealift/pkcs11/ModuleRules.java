package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which modules may be loaded, and where they are looked for (ocicrypt, `pkcs11config`): code of
/// modules runs in this process, so without a configuration there are none. Immutable.
///
/// @param directories absolute; searched in this order for a module that a URI names
/// @param allowed absolute; with a slash at its end a directory, whose files are allowed but not
///   those below its directories, otherwise a file
public record ModuleRules(List<String> directories, List<String> allowed) {

  /// No module at all, as without a configuration.
  public static final ModuleRules NONE = new ModuleRules(List.of(), List.of());

  private static final List<String> USUAL =
      List.of(
          "/usr/lib64/pkcs11/",
          "/usr/lib/pkcs11/",
          "/usr/local/lib/pkcs11/",
          "/usr/lib/softhsm/",
          "/usr/lib/%s-linux-gnu/".formatted(processor()));

  private static final String REMEDY =
      "allow it in ocicrypt.conf, or all usual places with OCICRYPT_CONFIG=internal";

  public ModuleRules {
    directories = List.copyOf(directories);
    allowed = List.copyOf(allowed);
  }

  private static String processor() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  /// Those of the usual file: what `OCICRYPT_CONFIG` names (`internal`: the usual places of modules
  /// in distributions), or else `ocicrypt.conf` in `XDG_CONFIG_HOME`, in `.config` in `HOME`, or in
  /// `/etc`; {@link #NONE} when there is none.
  ///
  /// @param variables of the environment; an empty one counts as absent
  /// @throws KeyException when the file cannot be read or is malformed, with its name; also when
  ///   the one that `OCICRYPT_CONFIG` names is not there, where ocicrypt looks on
  public static ModuleRules ofUser(Function<String, Optional<String>> variables)
      throws KeyException {
    String named = variables.apply("OCICRYPT_CONFIG").orElse("");
    if (named.equals("internal")) {
      return new ModuleRules(USUAL, USUAL);
    }
    if (!named.isEmpty()) {
      return read(Path.of(named));
    }
    List<Path> places = new ArrayList<>();
    variables.apply("XDG_CONFIG_HOME").ifPresent(home -> places.add(Path.of(home)));
    variables.apply("HOME").ifPresent(home -> places.add(Path.of(home, ".config")));
    places.add(Path.of("/etc"));
    for (Path place : places) {
      Path file = place.resolve("ocicrypt.conf");
      if (Files.exists(file)) {
        return read(file);
      }
    }
    return NONE;
  }

  private static ModuleRules read(Path file) throws KeyException {
    try (InputStream stream = Files.newInputStream(file)) {
      return parse(stream.readNBytes(Yaml.MAX_BYTES + 1));
    } catch (IOException unreadable) {
      throw new KeyException("read %s: it cannot be read".formatted(file), unreadable);
    } catch (KeyException malformed) {
      throw new KeyException("read %s: %s".formatted(file, malformed.reason()), malformed);
    }
  }

  static ModuleRules parse(byte[] yaml) throws KeyException {
    var pkcs11 =
        Yaml.read(yaml)
            .members("it")
            .getOrDefault("pkcs11", Yaml.Text.NONE)
            .members("member 'pkcs11'");
    return new ModuleRules(
        paths(pkcs11.get("module-directories"), "module-directories"),
        paths(pkcs11.get("allowed-module-paths"), "allowed-module-paths"));
  }

  private static List<String> paths(Yaml.@Nullable Value value, String member) throws KeyException {
    String what = "member '%s'".formatted(member);
    List<String> paths = value == null ? List.of() : value.texts(what);
    for (String path : paths) {
      if (!isPlain(path)) {
        throw new KeyException(
            "%s has '%s', expected an absolute path without . and .."
                .formatted(what, Shown.of(path)));
      }
    }
    return paths;
  }

  private static boolean isPlain(String path) {
    return path.startsWith("/")
        && path.indexOf('\0') < 0
        && Path.of(path).normalize().toString().equals(path.replaceFirst("(?<=.)/$", ""));
  }

  /// The module that a URI means: the file `module-path`, or in that directory or the configured
  /// ones the one that is called `module-name`, as `softhsm2` is `libsofthsm2.so`.
  Path find(TokenUri uri) throws KeyException {
    String path = uri.query("module-path");
    String name = uri.query("module-name");
    if (path != null && !isPlain(path)) {
      throw new KeyException(
          "module-path is '%s', expected an absolute path without . and .."
              .formatted(Shown.of(path)));
    }
    if (path != null && Files.isRegularFile(Path.of(path))) {
      return requireAllowed(path);
    }
    if (path != null && !Files.isDirectory(Path.of(path))) {
      throw new KeyException("module %s is not there".formatted(Shown.of(path)));
    }
    if (name == null || name.isEmpty()) {
      throw new KeyException("its URI names no module: neither module-path= nor module-name=");
    }
    List<String> searched = path == null ? directories : List.of(path);
    for (String directory : searched) {
      Optional<String> found = called(name, directory);
      if (found.isPresent()) {
        return requireAllowed(found.get());
      }
    }
    throw new KeyException(
        searched.isEmpty()
            ? "no module may be loaded; " + REMEDY
            : "module '%s' is in none of %s"
                .formatted(Shown.of(name), String.join(", ", searched)));
  }

  /// The name ends the file's name, or a dot follows it.
  private static Optional<String> called(String name, String directory) throws KeyException {
    String wanted = name.toLowerCase(Locale.ROOT);
    if (!Files.isDirectory(Path.of(directory))) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> (file.toLowerCase(Locale.ROOT) + ".").contains(wanted + "."))
          .sorted()
          .map(file -> directory.replaceFirst("/*$", "/") + file)
          .findFirst();
    } catch (IOException unreadable) {
      throw new KeyException("directory %s cannot be read".formatted(directory), unreadable);
    }
  }

  private Path requireAllowed(String module) throws KeyException {
    String directory = module.substring(0, module.lastIndexOf('/') + 1);
    if (!allowed.contains(module) && !allowed.contains(directory)) {
      throw new KeyException("module %s is not allowed; %s".formatted(Shown.of(module), REMEDY));
    }
    return Path.of(module);
  }
}
