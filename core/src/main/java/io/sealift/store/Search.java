package io.sealift.store;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Finds an image by what a user calls it. The first of these that fits anything decides: the name
/// as it is stored, digits of a manifest's digest or image id, the name as it may be typed.
record Search(List<ImageRecord> images) {

  /// Fewer digits are a typing error rather than a choice.
  private static final int MIN_DIGITS = 6;

  Optional<ImageRecord> find(String wanted) throws BadReferenceException {
    Optional<ImageRecord> named = only(wanted, image -> isCalled(image, wanted));
    if (named.isPresent()) {
      return named;
    }
    Optional<ImageRecord> addressed = addressed(wanted);
    return addressed.isPresent() ? addressed : typed(wanted);
  }

  Optional<ImageRecord> addressed(String wanted) throws BadReferenceException {
    int colon = wanted.indexOf(':');
    String digits = wanted.substring(colon + 1);
    if (digits.length() < MIN_DIGITS || !digits.matches("[0-9a-f]+")) {
      return Optional.empty();
    }
    return only(wanted, image -> starts(image, wanted, colon >= 0));
  }

  private static boolean starts(ImageRecord image, String wanted, boolean withAlgorithm) {
    return withAlgorithm
        ? image.manifestDigest().toString().startsWith(wanted)
            || image.imageId().toString().startsWith(wanted)
        : image.manifestDigest().hex().startsWith(wanted)
            || image.imageId().hex().startsWith(wanted);
  }

  private Optional<ImageRecord> typed(String wanted) throws BadReferenceException {
    String name;
    try {
      name = ImageName.parse(wanted).toString();
    } catch (BadReferenceException noName) {
      return Optional.empty();
    }
    return only(wanted, image -> isCalled(image, name));
  }

  private static boolean isCalled(ImageRecord image, String name) {
    return image.names().contains(name) || image.digests().contains(name);
  }

  private Optional<ImageRecord> only(String wanted, Predicate<ImageRecord> fits)
      throws BadReferenceException {
    List<ImageRecord> found = images.stream().filter(fits).toList();
    if (found.size() > 1) {
      throw new BadReferenceException(
          "find image '%s': expected one, it fits %s; use more digits of one of these"
              .formatted(
                  wanted,
                  found.stream()
                      .map(image -> image.manifestDigest().toString())
                      .collect(Collectors.joining(" and "))));
    }
    return found.stream().findFirst();
  }
}
