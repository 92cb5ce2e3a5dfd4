package io.sealift.cri.image;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import io.sealift.store.ImageRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// Names of images that are to stay when a node makes room: references, or the beginnings of some
/// with a `*` behind. Immutable.
///
/// | given | pins |
/// |---|---|
/// | `registry.k8s.io/pause:3.10` | what has this tag |
/// | `registry.k8s.io/pause@sha256:…` | what was found under this digest |
/// | `registry.k8s.io/pause:*` | whatever tag it has |
/// | `busybox` | `docker.io/library/busybox:latest` |
public final class Pins {

  /// What stands before the `*`: enough of a name to mean something.
  private static final Pattern BEGINNING = Pattern.compile("[A-Za-z0-9\\[][A-Za-z0-9.:/@_\\]-]*");

  private final List<String> names;
  private final List<String> beginnings;

  private Pins(List<String> names, List<String> beginnings) {
    this.names = List.copyOf(names);
    this.beginnings = List.copyOf(beginnings);
  }

  /// @throws BadReferenceException when one is neither a reference nor the beginning of one
  public static Pins of(Collection<String> given) throws BadReferenceException {
    List<String> names = new ArrayList<>();
    List<String> beginnings = new ArrayList<>();
    for (String text : given) {
      String beginning = text.endsWith("*") ? text.substring(0, text.length() - 1) : "";
      if (beginning.isEmpty()) {
        names.add(Names.stored(Reference.parse(text)));
      } else if (BEGINNING.matcher(beginning).matches()) {
        beginnings.add(Names.SCHEME + beginning);
      } else {
        throw new BadReferenceException(
            "read pinned image '%s': expected a reference, or the beginning of one before the '*'"
                .formatted(text));
      }
    }
    return new Pins(names, beginnings);
  }

  /// Whether a name of an image is pinned.
  boolean hold(ImageRecord image) {
    return hold(image.names()) || hold(image.digests());
  }

  /// Whether an image of these names, as the store has them, is pinned.
  boolean hold(Collection<String> stored) {
    return stored.stream()
        .anyMatch(name -> names.contains(name) || beginnings.stream().anyMatch(name::startsWith));
  }
}
