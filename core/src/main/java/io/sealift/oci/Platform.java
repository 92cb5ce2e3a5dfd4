package io.sealift.oci;

import io.sealift.failure.BadReferenceException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An operating system and processor in Go's names: `linux`, `arm64`, `v8` (OCI image
/// specification, image-index.md). The variant may be missing. Names are normalised as containerd
/// does: `x86_64` is `amd64`, and a variant that every such processor has (`arm64/v8`, `amd64/v1`)
/// is none.
public record Platform(String os, String architecture, @Nullable String variant) {

  public Platform {
    os = os.toLowerCase(Locale.ROOT);
    String given = architecture.toLowerCase(Locale.ROOT);
    String givenVariant =
        variant == null || variant.isEmpty() ? null : variant.toLowerCase(Locale.ROOT);
    architecture =
        switch (given) {
          case "x86_64", "x86-64" -> "amd64";
          case "aarch64" -> "arm64";
          case "i386", "i486", "i586", "i686", "80386" -> "386";
          case "armhf", "armel" -> "arm";
          default -> given;
        };
    variant = variant(given, givenVariant);
  }

  private static @Nullable String variant(String given, @Nullable String variant) {
    return switch (given) {
      case "armhf" -> "v7";
      case "armel" -> "v6";
      case "arm" -> variant == null || variant.equals("7") ? "v7" : prefixed(variant);
      case "arm64", "aarch64" ->
          variant == null || variant.equals("8") || variant.equals("v8") ? null : prefixed(variant);
      case "amd64", "x86_64", "x86-64" -> "v1".equals(variant) ? null : variant;
      default -> variant;
    };
  }

  private static String prefixed(String variant) {
    return Character.isDigit(variant.charAt(0)) ? "v" + variant : variant;
  }

  /// The platform that this process runs on, without a variant.
  public static Platform host() {
    return new Platform("linux", System.getProperty("os.arch"), null);
  }

  /// Reads `os/architecture[/variant]`, or an architecture alone for Linux.
  public static Platform parse(String text) throws BadReferenceException {
    String[] parts = text.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty() || parts.length > 3) {
        throw new BadReferenceException(
            "read platform '%s': expected os/architecture[/variant], such as linux/arm64"
                .formatted(text));
      }
    }
    return parts.length == 1
        ? new Platform("linux", parts[0], null)
        : new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
  }

  // Written out: the first generated one of a process costs it 15 ms, which no cache of the JVM
  // saves.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Platform platform
        && os.equals(platform.os)
        && architecture.equals(platform.architecture)
        && Objects.equals(variant, platform.variant);
  }

  @Override
  public int hashCode() {
    return Objects.hash(os, architecture, variant);
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant == null ? "" : "/" + variant);
  }
}
