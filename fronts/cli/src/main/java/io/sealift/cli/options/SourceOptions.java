package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Setting;
import io.sealift.oci.Platform;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which image of an index is meant, and how a registry is spoken to.
public final class SourceOptions {

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH[/VARIANT]",
      order = 20,
      description =
          "Choose the image for this platform, such as linux/arm64. Default: this machine's.")
  @Nullable String platform;

  @Mixin AccessOptions access = new AccessOptions();

  @Mixin TlsOptions tls = new TlsOptions();

  @Mixin TimeoutOptions timeouts = new TimeoutOptions();

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

  /// For a registry in this process.
  public static SourceOptions overPlainHttp() {
    SourceOptions options = new SourceOptions();
    options.tls.plainHttp = true;
    return options;
  }

  public Platform platform() throws BadReferenceException {
    return platform == null ? Platform.host() : Platform.parse(platform);
  }

  public boolean plainHttp() {
    return tls.plainHttp;
  }

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

  /// How the registry is known.
  public TlsOptions tls() {
    return tls;
  }

  /// How long the registry may take.
  public TimeoutOptions timeouts() {
    return timeouts;
  }

  /// Who asks the registry.
  public AccessOptions access() {
    return access;
  }
}
