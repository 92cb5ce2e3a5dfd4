package io.sealift.cli.options;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Platform;
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

  @Mixin PaceOptions pace = new PaceOptions();

  @Mixin PlaceOptions places = new PlaceOptions();

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

  /// Where images may be had.
  public PlaceOptions places() {
    return places;
  }

  /// How the registry is known.
  public TlsOptions tls() {
    return tls;
  }

  /// How long the registry may take, and how much is asked of it at once.
  public PaceOptions pace() {
    return pace;
  }

  /// Who asks the registry.
  public AccessOptions access() {
    return access;
  }
}
