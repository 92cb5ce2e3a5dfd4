package io.sealift.bundle;

import java.nio.file.Path;

/// A directory that an OCI runtime starts (OCI runtime specification, bundle.md): `config.json` and
/// the root file system beside it.
public record Bundle(Path directory) {

  /// The root file system.
  public Path rootfs() {
    return directory.resolve("rootfs");
  }

  /// How to run it.
  public Path config() {
    return directory.resolve("config.json");
  }
}
