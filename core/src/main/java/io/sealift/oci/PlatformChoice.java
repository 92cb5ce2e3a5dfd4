package io.sealift.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Chooses the entries of an index that may hold the image for a platform, best first:
///
/// | wanted | taken, in this order |
/// |---|---|
/// | a variant | the same variant, lower ones of the same architecture, none |
/// | no variant | none, lower ones from the highest down |
///
/// For 32-bit `arm` no variant is `v7` ({@link Platform}), which a `v6` processor cannot run.
///
/// Never another architecture. Attestations (platform `unknown`, or annotated so) are no images. An
/// index may stand in an index; when no entry has a platform and there is just one image, it is
/// that.
public final class PlatformChoice {

  private static final String ATTESTATION = "vnd.docker.reference.type";

  /// `v7`, `v8.1`: every processor of a variant runs the lower ones.
  private static final Pattern NUMBERED = Pattern.compile("v([1-9])(?:\\.[0-9]{1,2})?");

  /// Platforms that a message names at most.
  private static final int MAX_OFFERED = 20;

  private PlatformChoice() {}

  /// The best entry for the platform.
  public static Optional<Descriptor> choose(Index index, Platform wanted) {
    List<Descriptor> images = index.manifests().stream().filter(PlatformChoice::isImage).toList();
    for (@Nullable String variant : variants(wanted)) {
      Platform exact = new Platform(wanted.os(), wanted.architecture(), variant);
      for (Descriptor image : images) {
        if (exact.equals(image.platform())) {
          return Optional.of(image);
        }
      }
    }
    List<Descriptor> silent = images.stream().filter(image -> image.platform() == null).toList();
    return silent.size() == 1 && (images.size() == 1 || silent.getFirst().mediaType().isIndex())
        ? Optional.of(silent.getFirst())
        : Optional.empty();
  }

  /// What an index has, for people: `linux/amd64, linux/arm64`.
  public static String offered(Index index) {
    List<String> platforms =
        index.manifests().stream()
            .filter(PlatformChoice::isImage)
            .map(image -> Objects.toString(image.platform(), "one without a platform"))
            .distinct()
            .limit(MAX_OFFERED)
            .toList();
    return platforms.isEmpty() ? "none at all" : String.join(", ", platforms);
  }

  private static boolean isImage(Descriptor entry) {
    Platform platform = entry.platform();
    return (entry.mediaType().isManifest() || entry.mediaType().isIndex())
        && !entry.annotations().containsKey(ATTESTATION)
        && (platform == null || !platform.os().equals("unknown"));
  }

  private static List<@Nullable String> variants(Platform wanted) {
    List<@Nullable String> variants = new ArrayList<>();
    variants.add(wanted.variant());
    for (int lower = highest(wanted); lower >= 1; lower--) {
      variants.add("v" + lower);
    }
    if (!wanted.architecture().equals("arm")) {
      variants.add(null);
    }
    return variants;
  }

  /// The highest plain variant that a processor runs: below its own one, or what may be assumed
  /// when none was named.
  private static int highest(Platform wanted) {
    Matcher numbered = NUMBERED.matcher(wanted.variant() == null ? "" : wanted.variant());
    if (numbered.matches()) {
      return Integer.parseInt(numbered.group(1));
    }
    return switch (wanted.architecture()) {
      case "arm" -> 7;
      case "arm64" -> 8;
      case "amd64" -> 1;
      default -> 0;
    };
  }
}
