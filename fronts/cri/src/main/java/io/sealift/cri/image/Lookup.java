package io.sealift.cri.image;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Finds one of a node's images by what a client calls it. The first of these that fits anything
/// decides: the whole id, a name, what a short name may mean, first digits of the id.
record Lookup(List<NodeImage> images, ShortNames shortNames) {

  /// Fewer digits are a typing error rather than a choice.
  private static final int MIN_DIGITS = 3;

  /// @throws BadReferenceException when the digits are those of several images
  Optional<NodeImage> find(String wanted) throws ImageException, InterruptedIOException {
    Optional<NodeImage> identified = first(image -> image.id().equals(wanted));
    if (identified.isPresent()) {
      return identified;
    }
    Optional<NodeImage> named = named(wanted);
    return named.isPresent() ? named : begun(wanted);
  }

  private Optional<NodeImage> named(String wanted) throws ImageException, InterruptedIOException {
    Iterable<Reference> meanings;
    try {
      Reference usual = Reference.parse(wanted);
      meanings = Reference.namesDomain(wanted) ? List.of(usual) : shortNames.meanings(wanted);
    } catch (BadReferenceException noName) {
      return Optional.empty();
    }
    for (Reference meaning : meanings) {
      String stored = Names.stored(meaning);
      Optional<NodeImage> found = first(image -> image.isCalled(stored));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<NodeImage> begun(String wanted) throws BadReferenceException {
    String digits = wanted.substring(wanted.indexOf(':') + 1);
    if (digits.length() < MIN_DIGITS || !digits.matches("[0-9a-f]+")) {
      return Optional.empty();
    }
    boolean whole = wanted.indexOf(':') >= 0;
    List<NodeImage> found =
        images.stream()
            .filter(image -> (whole ? image.id() : image.digits()).startsWith(wanted))
            .toList();
    if (found.size() > 1) {
      throw new BadReferenceException(
          "find image '%s': expected one, it fits %s; use more digits of one of these"
              .formatted(
                  wanted, found.stream().map(NodeImage::id).collect(Collectors.joining(" and "))));
    }
    return found.stream().findFirst();
  }

  private Optional<NodeImage> first(Predicate<NodeImage> fits) {
    return images.stream().filter(fits).findFirst();
  }
}
