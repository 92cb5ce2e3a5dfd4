package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.Reference;
import io.sealift.registries.RegistriesFile.Alias;
import io.sealift.source.Place;
import io.sealift.source.Places;
import io.sealift.toml.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings of registries as podman, skopeo and the other containers tools read them
/// (containers-registries.conf(5), version 2, and containers-registries.conf.d(5)). Of several
/// files the later ones count where they say something: a `[[registry]]` takes the place of an
/// earlier one with the same prefix, an alias that of one with the same name. Immutable.
///
/// | of a reference | decides |
/// |---|---|
/// | which `[[registry]]` | the longest prefix; of two as long the one without `*`, then the first |
/// | where to try | its mirrors in order, as far as they are for tags or digests; its location last |
/// | nothing matches | the reference itself |
public final class RegistriesConf implements Places {

  /// Bytes of one file.
  public static final int MAX_BYTES = Settings.MAX_BYTES;

  private final List<String> origins;
  private final List<String> search;
  private final boolean searchSaid;
  private final String searchOrigin;
  private final ShortNameMode mode;
  private final List<String> credentialHelpers;
  private final String helpersOrigin;
  private final Map<String, Alias> aliases;
  private final List<RegistryRule> rules;

  private RegistriesConf(List<RegistriesFile> files, RegistriesFile recorded) {
    List<String> search = List.of("docker.io");
    boolean searchSaid = false;
    String searchOrigin = "";
    ShortNameMode mode = ShortNameMode.PERMISSIVE;
    List<String> helpers = List.of("containers-auth.json");
    String helpersOrigin = "";
    Map<String, Alias> aliases = new LinkedHashMap<>();
    Map<String, RegistryRule> rules = new LinkedHashMap<>();
    for (RegistriesFile file : files) {
      if (file.search() != null) {
        search = file.search();
        searchSaid = true;
        searchOrigin = file.origin();
      }
      mode = file.mode() == null ? mode : file.mode();
      List<String> named = file.credentialHelpers();
      if (named != null && !named.isEmpty()) {
        helpers = named;
        helpersOrigin = file.origin();
      }
      aliases.putAll(file.aliases());
      rules.putAll(file.rules());
    }
    aliases.putAll(recorded.aliases());
    this.origins = files.stream().map(RegistriesFile::origin).toList();
    this.search = List.copyOf(search);
    this.searchSaid = searchSaid;
    this.searchOrigin = searchOrigin;
    this.mode = mode;
    this.credentialHelpers = List.copyOf(helpers);
    this.helpersOrigin = helpersOrigin;
    this.aliases = Map.copyOf(aliases);
    this.rules = List.copyOf(rules.values());
  }

  /// Settings that say nothing.
  public static RegistriesConf none() {
    return new RegistriesConf(List.of(), RegistriesFile.empty(""));
  }

  /// Reads files, each of which has to be there.
  ///
  /// @param recorded aliases that other tools wrote down when users chose; need not be there
  /// @throws BadReferenceException when one is malformed
  /// @throws NotFoundException when one cannot be read
  public static RegistriesConf read(List<Path> files, @Nullable Path recorded)
      throws BadReferenceException, NotFoundException {
    List<RegistriesFile> read = new ArrayList<>();
    for (Path file : files) {
      read.add(RegistriesFile.parse(SettingsFiles.contents(file), file.toString()));
    }
    RegistriesFile chosen = RegistriesFile.empty("");
    if (recorded != null && SettingsFiles.isThere(recorded)) {
      chosen = RegistriesFile.parse(SettingsFiles.contents(recorded), recorded.toString());
    }
    return new RegistriesConf(read, chosen);
  }

  /// Reads files for what they say about places and credentials only: those that hold nothing but
  /// aliases, as distributions bring long ones, are not looked into.
  ///
  /// @throws BadReferenceException when one of the others is malformed
  /// @throws NotFoundException when one cannot be read
  public static RegistriesConf readPlaces(List<Path> files)
      throws BadReferenceException, NotFoundException {
    List<RegistriesFile> read = new ArrayList<>();
    for (Path file : files) {
      byte[] toml = SettingsFiles.contents(file);
      if (!RegistriesFile.holdsOnlyAliases(toml)) {
        read.add(RegistriesFile.parse(toml, file.toString()));
      }
    }
    return new RegistriesConf(read, RegistriesFile.empty(""));
  }

  /// Reads settings that are no file.
  ///
  /// @param origin how messages call them
  public static RegistriesConf parse(byte[] toml, String origin) throws BadReferenceException {
    return new RegistriesConf(
        List.of(RegistriesFile.parse(toml, origin)), RegistriesFile.empty(""));
  }

  /// The files that were read, first to last.
  public List<String> origins() {
    return origins;
  }

  /// Where credentials are looked for, in order; `containers-auth.json` stands for the files.
  public List<String> credentialHelpers() {
    return credentialHelpers;
  }

  /// The file that says so; empty when none does.
  public String credentialHelpersOrigin() {
    return helpersOrigin;
  }

  public ShortNameMode shortNameMode() {
    return mode;
  }

  @Override
  public List<Place> of(Reference reference) throws ImageException {
    RegistryRule rule = rule(reference);
    if (rule == null) {
      return AS_NAMED.of(reference);
    }
    List<Place> places = rule.places(reference);
    for (Place place : places) {
      if (place instanceof Place.Repository repository) {
        expectOpen(reference, repository);
      }
    }
    return places;
  }

  /// What is blocked is so under other names too.
  private void expectOpen(Reference reference, Place.Repository place)
      throws PolicyRefusedException {
    RegistryRule rule = rule(place.reference());
    if (rule != null && rule.blocked()) {
      throw new PolicyRefusedException(
          "find %s: %s leads to %s, which is blocked, %s; take one of them away"
              .formatted(reference, place.why(), rule.prefix(), rule.origin()));
    }
  }

  private @Nullable RegistryRule rule(Reference reference) {
    RegistryRule best = null;
    for (RegistryRule rule : rules) {
      if (rule.isAbout(reference) && (best == null || isCloser(rule.prefix(), best.prefix()))) {
        best = rule;
      }
    }
    return best;
  }

  private static boolean isCloser(Prefix one, Prefix other) {
    int longer = Integer.compare(one.text().length(), other.text().length());
    return longer > 0 || (longer == 0 && !one.isWildcard() && other.isWildcard());
  }

  /// What a name may mean, in the order to try: itself when it names a registry. A short name means
  /// its alias, or else an image of the registries that are to be searched, which is Docker Hub as
  /// long as no file says otherwise.
  ///
  /// @return each with why it is meant
  /// @throws BadReferenceException when it is no name, no registry is to be searched, or several
  ///   are and none may be chosen
  public Map<Reference, String> meanings(String name) throws BadReferenceException {
    Reference usual = Reference.parse(name);
    if (Reference.namesDomain(name)) {
      return Map.of(usual, "a full name");
    }
    String repository = name.replaceFirst("[:@].*", "");
    Alias alias = aliases.get(repository);
    if (alias != null && !alias.name().isEmpty()) {
      String full = alias.name() + name.substring(repository.length());
      return Map.of(Reference.parse(full), "alias %s, %s".formatted(repository, alias.origin()));
    }
    if (!searchSaid) {
      return Map.of(usual, "a short name, with no registries to search set");
    }
    if (search.isEmpty()) {
      throw new BadReferenceException(
          "read '%s': a short name, and unqualified-search-registries of %s is empty; name the registry"
              .formatted(name, searchOrigin));
    }
    Map<Reference, String> meanings = new LinkedHashMap<>();
    for (String registry : search) {
      meanings.putIfAbsent(
          Reference.parse(registry + "/" + name),
          "unqualified-search-registries of " + searchOrigin);
    }
    if (meanings.size() > 1 && mode == ShortNameMode.ENFORCING) {
      throw new BadReferenceException(
          "read '%s': a short name that %d registries may have, and short-name-mode is enforcing; write one of %s"
              .formatted(
                  name,
                  meanings.size(),
                  String.join(", ", meanings.keySet().stream().map(Object::toString).toList())));
    }
    return meanings;
  }
}
