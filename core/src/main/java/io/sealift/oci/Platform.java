package io.sealift.oci;

import org.jspecify.annotations.Nullable;

/// An operating system and processor in Go's names: `linux`, `arm64`, `v8` (OCI image
/// specification, image-index.md). The variant may be missing.
public record Platform(String os, String architecture, @Nullable String variant) {

  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null ? "" : "/" + variant);
  }
}
