package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.PlaceOptions;
import io.sealift.cli.options.Uris;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registries.HostsTree;
import io.sealift.registries.RegistriesConf;
import io.sealift.registries.SettingsFiles;
import io.sealift.registry.login.LoginOrder;
import io.sealift.secret.SecretSource;
import io.sealift.source.Places;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the settings that say where the images of registries may be had, and what short names
/// mean: those that are named, or else those of the user and the machine.
final class ImagePlaces {

  private final Surroundings surroundings;
  private final SecretSource secrets;
  private @Nullable Known known;

  /// @param secrets reads settings that are named
  ImagePlaces(Surroundings surroundings, SecretSource secrets) {
    this.surroundings = surroundings;
    this.secrets = secrets;
  }

  /// What the settings say.
  private record Known(Places places, LoginOrder.Order logins) {}

  /// Where images may be had.
  Places of(PlaceOptions options) throws ImageException, InterruptedIOException {
    return known(options).places();
  }

  /// In which order credentials are looked up.
  LoginOrder.Order logins(PlaceOptions options) throws ImageException, InterruptedIOException {
    return known(options).logins();
  }

  /// The settings are read once.
  private synchronized Known known(PlaceOptions options)
      throws ImageException, InterruptedIOException {
    Known read = known;
    if (read == null) {
      read = read(options);
      known = read;
    }
    return read;
  }

  private Known read(PlaceOptions options) throws ImageException, InterruptedIOException {
    Optional<Path> hosts = options.registryHostsDir();
    if (hosts.isPresent()) {
      return new Known(HostsTree.at(hosts.get()), LoginOrder.Order.FILES_ALONE);
    }
    Optional<String> named = options.registriesConf(surroundings);
    RegistriesConf settings =
        named.isPresent() ? named(named.get()) : RegistriesConf.readPlaces(usual());
    return new Known(
        settings,
        new LoginOrder.Order(settings.credentialHelpers(), settings.credentialHelpersOrigin()));
  }

  /// What a bare name without a registry may mean, in the order to try, and why.
  Map<Reference, String> meanings(String name, PlaceOptions options)
      throws ImageException, InterruptedIOException {
    if (options.registryHostsDir().isPresent()) {
      return RegistriesConf.none().meanings(name);
    }
    Optional<String> named = options.registriesConf(surroundings);
    RegistriesConf settings =
        named.isPresent() ? named(named.get()) : RegistriesConf.read(usual(), recordedAliases());
    return settings.meanings(name);
  }

  private RegistriesConf named(String place) throws ImageException, InterruptedIOException {
    return RegistriesConf.parse(secrets.read(Uris.of(place), RegistriesConf.MAX_BYTES), place);
  }

  private List<Path> usual() throws ImageException {
    return SettingsFiles.usual(
        surroundings.variable("HOME").map(Path::of).orElse(null), Path.of("/etc/containers"));
  }

  /// Where podman writes down which full name a user chose for a short one.
  private @Nullable Path recordedAliases() {
    Optional<Path> cache =
        surroundings.isRoot()
            ? Optional.of(Path.of("/var/cache"))
            : surroundings
                .variable("XDG_CACHE_HOME")
                .map(Path::of)
                .or(() -> surroundings.variable("HOME").map(home -> Path.of(home, ".cache")));
    return cache.map(place -> place.resolve("containers/short-name-aliases.conf")).orElse(null);
  }
}
