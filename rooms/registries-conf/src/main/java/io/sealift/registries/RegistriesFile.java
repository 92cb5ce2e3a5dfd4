package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.toml.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one file in the form of containers-registries.conf(5), version 2, says. What it does not
/// say is null.
///
/// @param origin how messages call the file
/// @param search registries to look for short names in
/// @param aliases full names of short names; an empty one takes an alias of an earlier file away
/// @param rules by prefix, in the order of the file, the first of each prefix
record RegistriesFile(
    String origin,
    @Nullable List<String> search,
    @Nullable ShortNameMode mode,
    @Nullable List<String> credentialHelpers,
    Map<String, Alias> aliases,
    Map<String, RegistryRule> rules) {

  private static final Set<String> KEYS =
      Set.of(
          "unqualified-search-registries",
          "short-name-mode",
          "credential-helpers",
          "additional-layer-store-auth-helper",
          "aliases",
          "registry");

  /// @param name empty when there is none any more
  /// @param origin `line 3 of /etc/containers/registries.conf`
  record Alias(String name, String origin) {}

  /// A file that says nothing.
  static RegistriesFile empty(String origin) {
    return new RegistriesFile(origin, null, null, null, Map.of(), Map.of());
  }

  /// Whether a file begins with `[aliases]` and opens no other table, so that it can hold nothing
  /// else. False where a closer look would be needed.
  static boolean holdsOnlyAliases(byte[] toml) {
    if (toml.length > Settings.MAX_BYTES) {
      return false;
    }
    List<String> lines =
        new String(toml, StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    return !lines.isEmpty()
        && lines.getFirst().equals("[aliases]")
        && lines.stream().skip(1).noneMatch(line -> line.startsWith("["));
  }

  static RegistriesFile parse(byte[] toml, String origin) throws BadReferenceException {
    Optional<Settings> read = Settings.read(toml, origin);
    if (read.isEmpty()) {
      return empty(origin);
    }
    Settings settings = read.get();
    if (settings.has("registries")) {
      throw settings.bad(
          "registries",
          "this is version 1 of the format, which is not read; write unqualified-search-registries"
              + " and [[registry]] tables instead");
    }
    settings.expectOnly(KEYS);
    settings.text("additional-layer-store-auth-helper");
    return new RegistriesFile(
        origin,
        search(settings),
        mode(settings),
        settings.texts("credential-helpers"),
        aliases(settings),
        rules(settings));
  }

  private static @Nullable List<String> search(Settings settings) throws BadReferenceException {
    String key = "unqualified-search-registries";
    List<String> given = settings.texts(key);
    if (given == null) {
      return null;
    }
    List<String> search = new ArrayList<>();
    for (String one : given) {
      String host = one.replaceFirst("/+$", "");
      if (host.contains("://") || !Reference.isHost(host)) {
        throw settings.bad(key, "expected host[:port], found '%s'".formatted(one));
      }
      search.add(host);
    }
    return search;
  }

  private static @Nullable ShortNameMode mode(Settings settings) throws BadReferenceException {
    String text = settings.text("short-name-mode");
    if (text == null || text.isEmpty()) {
      return null;
    }
    return ShortNameMode.named(text)
        .orElseThrow(() ->
            settings.bad(
                "short-name-mode",
                "expected enforcing, permissive or disabled, found '%s'".formatted(text)));
  }

  private static Map<String, Alias> aliases(Settings settings) throws BadReferenceException {
    Map<String, Alias> aliases = new LinkedHashMap<>();
    Settings table = settings.table("aliases").orElse(null);
    if (table == null) {
      return aliases;
    }
    for (Map.Entry<String, String> entry : table.textsByName().entrySet()) {
      String name = entry.getKey();
      String full = entry.getValue();
      if (!isShortRepository(name)) {
        throw table.bad(name, "expected a name without registry, tag and digest before the =");
      }
      if (!full.isEmpty() && !(Location.isRepositoryForm(full) && isRepository(full))) {
        throw table.bad(
            name,
            "expected a registry and a repository without tag and digest, found '%s'"
                .formatted(full));
      }
      aliases.put(name, new Alias(full, table.place(name)));
    }
    return aliases;
  }

  private static boolean isShortRepository(String name) {
    return !Reference.namesDomain(name) && Reference.isPath(name);
  }

  private static boolean isRepository(String full) {
    int slash = full.indexOf('/');
    return slash > 0 && Reference.isPath(full.substring(slash + 1));
  }

  private static Map<String, RegistryRule> rules(Settings settings) throws BadReferenceException {
    Map<String, RegistryRule> rules = new LinkedHashMap<>();
    Map<String, RegistryRule> locations = new LinkedHashMap<>();
    for (Settings table : settings.tables("registry")) {
      RegistryRule rule = RegistryRule.read(table);
      RegistryRule other = locations.putIfAbsent(rule.physical(), rule);
      if (other != null) {
        agree(table, rule, other);
      }
      rules.putIfAbsent(rule.prefix().text(), rule);
    }
    return rules;
  }

  private static void agree(Settings table, RegistryRule rule, RegistryRule other)
      throws BadReferenceException {
    String key =
        rule.location().insecure() != other.location().insecure()
            ? "insecure"
            : rule.blocked() != other.blocked() ? "blocked" : "";
    if (!key.isEmpty()) {
      String at = table.has(key) ? key : table.has("location") ? "location" : "prefix";
      throw table.bad(
          at,
          "'%s' is given two different values of '%s', the other by %s; give it one"
              .formatted(rule.physical(), key, other.origin()));
    }
  }
}
