package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Setting;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which settings say where images may be had, and what short names mean.
public final class PlaceOptions {

  @Option(
      names = "--registries-conf",
      paramLabel = "FILE",
      order = 26,
      description =
          "Read from this file, and no other, where images may be had: mirrors, other locations,"
              + " blocked registries, short names; a path, or a URI such as"
              + " kbs:///default/registry-configuration/app. Default: $$CONTAINERS_REGISTRIES_CONF, or else the"
              + " registries.conf and registries.conf.d of $$HOME/.config/containers and"
              + " /etc/containers.")
  @Nullable String registriesConf;

  @Option(
      names = "--registry-hosts-dir",
      paramLabel = "DIR",
      order = 27,
      description =
          "Read where images may be had from the hosts.toml files in this directory, as containerd"
              + " does, and not from a registries.conf.")
  @Nullable Path registryHostsDir;

  /// The one file of settings that counts, a path or URI; empty for those in the usual places.
  public Optional<String> registriesConf(Surroundings surroundings) {
    return Optional.ofNullable(registriesConf).or(() -> surroundings.setting(Setting.REGISTRIES));
  }

  /// The directory of containerd's settings, which take the place of all others.
  ///
  /// @throws BadReferenceException when a file of the other kind is named too
  public Optional<Path> registryHostsDir() throws BadReferenceException {
    if (registriesConf != null && registryHostsDir != null) {
      throw new BadReferenceException(
          "read --registries-conf and --registry-hosts-dir: expected one of them, found both");
    }
    return Optional.ofNullable(registryHostsDir);
  }
}
