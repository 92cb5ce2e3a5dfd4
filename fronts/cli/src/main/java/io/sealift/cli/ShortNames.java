package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.PlaceOptions;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;

/// Bare names without a registry, about which the settings of registries have a say.
/// `docker://NAME` is none: it is always a full name, of Docker Hub when it names no registry.
final class ShortNames {

  private final Surroundings surroundings;
  private final PlaceOptions places;

  ShortNames(Surroundings surroundings, PlaceOptions places) {
    this.surroundings = surroundings;
    this.places = places;
  }

  static boolean isShort(String text, ImageName name) {
    return name instanceof ImageName.InRegistry
        && !text.startsWith("docker://")
        && !Reference.namesDomain(text);
  }

  /// The images that a name may mean, in the order in which registries are asked for them; the one
  /// that it names itself when it is no short name.
  List<ImageName> meanings(String text) throws ImageException, InterruptedIOException {
    ImageName name = ImageName.parse(text);
    if (!isShort(text, name)) {
      return List.of(name);
    }
    Map<Reference, String> meanings = new Assembly(surroundings).meanings(text, places);
    return meanings.keySet().stream().<ImageName>map(ImageName.InRegistry::new).toList();
  }

  /// The one image that a name means, without asking any registry.
  ///
  /// @throws BadReferenceException when it may mean several
  ImageName only(String text) throws ImageException, InterruptedIOException {
    List<ImageName> meanings = meanings(text);
    if (meanings.size() > 1) {
      throw several(text, meanings, "");
    }
    return meanings.getFirst();
  }

  /// @param consequence of there being several, with a comma before it
  static BadReferenceException several(String text, List<ImageName> meanings, String consequence) {
    return new BadReferenceException(
        "read '%s': a short name that %d registries may have%s; write one of %s"
            .formatted(
                text,
                meanings.size(),
                consequence,
                String.join(", ", meanings.stream().map(ImageName::toString).toList())));
  }
}
