package io.sealift.cri.image;

import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import java.util.Collection;
import java.util.List;

/// Names of images as the store has them, `docker://REFERENCE`, and as clients see them.
final class Names {

  static final String SCHEME = "docker://";

  private Names() {}

  /// The name that the store has for a reference. Of a tag and a digest the digest counts.
  static String stored(Reference reference) {
    return new ImageName.InRegistry(decisive(reference)).toString();
  }

  /// The reference without what does not decide which image it is.
  static Reference decisive(Reference reference) {
    return reference.digest() == null
        ? reference
        : new Reference(reference.domain(), reference.path(), null, reference.digest());
  }

  /// Those of images of registries without the scheme, in order, each once. Names with both a tag
  /// and a digest are none that a client gave here.
  static List<String> shown(Collection<String> stored) {
    return stored.stream()
        .filter(name -> name.startsWith(SCHEME))
        .map(name -> name.substring(SCHEME.length()))
        .distinct()
        .sorted()
        .toList();
  }
}
