package io.sealift.kata;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Nearest;
import io.sealift.failure.Quoted;
import io.sealift.imageconfig.ByteSize;
import io.sealift.imageconfig.Configuration;
import io.sealift.oci.Reference;
import io.sealift.service.Budget;
import io.sealift.service.LineFormat;
import io.sealift.service.Log;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the daemon is started with. Each option is given once, as `--name value` or `--name=value`.
/// Immutable.
final class Options {

  /// Pulls that are worked on at once; others wait. Each takes some 6 MiB besides the heap.
  static final int PULLS = 8;

  private static final int MAX_PULLS = 64;

  private static final List<String> WITH_VALUE =
      List.of(
          "socket",
          "hub",
          "agent",
          "config",
          "work-dir",
          "policy",
          "registry-socket",
          "snapshotter",
          "max-pulls",
          "memory-limit",
          "store-limit",
          "scratch-device",
          "metrics",
          "log",
          "log-level");

  private static final List<String> FLAGS =
      List.of("insecure-policy", "scratch-integrity", "help", "version");

  private static final Map<String, String> SHORT =
      Map.of("-c", "--config", "-h", "--help", "-V", "--version");

  private static final int MAX_QUOTED = 100;

  private final Map<String, String> values;
  private final Set<String> flags;

  private Options(Map<String, String> values, Set<String> flags) {
    this.values = Map.copyOf(values);
    this.flags = Set.copyOf(flags);
  }

  /// How layers become a root file system.
  enum Stacking {
    AUTO,
    OVERLAY,
    COPY
  }

  /// @throws BadReferenceException when an argument is not understood
  static Options parse(String... arguments) throws BadReferenceException {
    Map<String, String> values = new HashMap<>();
    Set<String> flags = new HashSet<>();
    for (int i = 0; i < arguments.length; i++) {
      String given = SHORT.getOrDefault(arguments[i], arguments[i]);
      int equals = given.indexOf('=');
      String name = name(equals < 0 ? given : given.substring(0, equals));
      boolean added;
      if (FLAGS.contains(name)) {
        if (equals >= 0) {
          throw bad("--%s takes no value".formatted(name));
        }
        added = flags.add(name);
      } else if (equals < 0 && i + 1 == arguments.length) {
        throw bad("--%s needs a value".formatted(name));
      } else {
        added = values.put(name, equals < 0 ? arguments[++i] : given.substring(equals + 1)) == null;
      }
      if (!added) {
        throw bad("--%s is given twice".formatted(name));
      }
    }
    return new Options(values, flags).checked();
  }

  private static String name(String given) throws BadReferenceException {
    String name = given.startsWith("--") ? given.substring(2) : "";
    if (WITH_VALUE.contains(name) || FLAGS.contains(name)) {
      return name;
    }
    throw bad(
        "'%s' is no option%s"
            .formatted(
                Quoted.of(given, MAX_QUOTED),
                given.startsWith("--") ? Nearest.hint(name, names()) : ""));
  }

  /// All that can be given.
  static Set<String> names() {
    Set<String> names = new HashSet<>(WITH_VALUE);
    names.addAll(FLAGS);
    return names;
  }

  private static BadReferenceException bad(String what) {
    return new BadReferenceException("read options: %s; see --help".formatted(what));
  }

  private Options checked() throws BadReferenceException {
    Object _ = List.of(pulls(), stacking(), lines(), level(), storeLimit(), registrySockets());
    if (values.containsKey("policy") && flags.contains("insecure-policy")) {
      throw bad("--policy and --insecure-policy exclude each other");
    }
    if (values.containsKey("scratch-device") && !values.containsKey("hub")) {
      throw bad("--scratch-device needs --hub, which encrypts it");
    }
    if (flags.contains("scratch-integrity") && !values.containsKey("scratch-device")) {
      throw bad("--scratch-integrity needs --scratch-device");
    }
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (value.getValue().isEmpty()) {
        throw bad("--%s needs a value".formatted(value.getKey()));
      }
    }
    return this;
  }

  /// Whether a flag is given: `help`, `version`, `insecure-policy`.
  boolean has(String flag) {
    return flags.contains(flag);
  }

  /// The value of an option, as it is given; empty when it is not.
  Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /// The value of an option that is a path.
  Optional<Path> path(String option) {
    return value(option).map(path -> Path.of(path).toAbsolutePath().normalize());
  }

  /// The value of an option that is a path or a URI, as a source of secrets knows it.
  Optional<String> place(String option) {
    return value(option)
        .map(place ->
            place.contains("://") || place.startsWith("file:")
                ? place
                : Path.of(place).toAbsolutePath().normalize().toString());
  }

  /// Pulls that are worked on at once.
  int pulls() throws BadReferenceException {
    String text = values.getOrDefault("max-pulls", Integer.toString(PULLS));
    int pulls = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (pulls < 1 || pulls > MAX_PULLS) {
      throw bad("--max-pulls takes 1 to %d".formatted(MAX_PULLS));
    }
    return pulls;
  }

  /// How the memory is divided that the daemon may take; empty when nothing is said of it.
  Optional<Budget> budget() throws BadReferenceException {
    Optional<String> text = value("memory-limit");
    return text.isPresent()
        ? Optional.of(
            Budget.of(
                ByteSize.of(new Configuration.Value(text.get(), "--memory-limit")),
                pulls(),
                "--memory-limit"))
        : Optional.empty();
  }

  /// Bytes that the store may have; empty when no option says so.
  Optional<Long> storeLimit() throws BadReferenceException {
    Optional<String> text = value("store-limit");
    return text.isPresent()
        ? Optional.of(ByteSize.of(new Configuration.Value(text.get(), "--store-limit")))
        : Optional.empty();
  }

  /// Unix sockets that registries are behind, by the names of these.
  Map<String, Path> registrySockets() throws BadReferenceException {
    Map<String, Path> sockets = new LinkedHashMap<>();
    for (String pair : values.getOrDefault("registry-socket", "").split(",", -1)) {
      int equals = pair.indexOf('=');
      if (pair.isEmpty() && sockets.isEmpty()) {
        continue; // not given
      }
      if (equals < 0
          || !Reference.isHost(pair.substring(0, equals))
          || !pair.startsWith("/", equals + 1)) {
        throw bad(
            "--registry-socket takes HOST[:PORT]=/PATH, others behind a comma, found '%s'"
                .formatted(Quoted.of(pair, MAX_QUOTED)));
      }
      sockets.put(pair.substring(0, equals), Path.of(pair.substring(equals + 1)));
    }
    return sockets;
  }

  Stacking stacking() throws BadReferenceException {
    return word("snapshotter", Stacking.class, Stacking.AUTO);
  }

  LineFormat lines() throws BadReferenceException {
    return word("log", LineFormat.class, LineFormat.TEXT);
  }

  /// How much is logged; empty when no option says so.
  Optional<Log.Level> level() throws BadReferenceException {
    return values.containsKey("log-level")
        ? Optional.of(word("log-level", Log.Level.class, Log.Level.INFO))
        : Optional.empty();
  }

  private <E extends Enum<E>> E word(String option, Class<E> words, E otherwise)
      throws BadReferenceException {
    String given = values.get(option);
    if (given == null) {
      return otherwise;
    }
    StringBuilder known = new StringBuilder();
    for (E word : words.getEnumConstants()) {
      String label = word.name().toLowerCase(Locale.ROOT);
      if (label.equals(given)) {
        return word;
      }
      known.append(known.isEmpty() ? "" : ", ").append(label);
    }
    throw bad("--%s takes one of %s".formatted(option, known));
  }
}
