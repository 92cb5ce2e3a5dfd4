package io.sealift.policy;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import org.jspecify.annotations.Nullable;

/// A normalised name with or without a tag or digest, as a signature holds it or as an image is
/// asked for.
///
/// @param repository `docker.io/library/busybox`
/// @param suffix `:tag`, `@digest` or both; empty when the name is that of a repository only
record SignedName(String repository, String suffix) {

  /// Reads a `docker-reference`: nothing is added to it, least of all the tag `latest`.
  static SignedName parse(String text) throws BadReferenceException {
    Reference reference = Reference.parse(text);
    int path = text.lastIndexOf('/') + 1;
    boolean bare = text.indexOf('@') < 0 && text.indexOf(':', path) < 0;
    return bare ? new SignedName(reference.repository(), "") : of(reference);
  }

  static SignedName of(Reference reference) {
    String repository = reference.repository();
    return new SignedName(repository, reference.toString().substring(repository.length()));
  }

  /// What an image is asked for; null when its name is none of a registry. Of a name with both tag
  /// and digest the digest counts, and the tag is for people only.
  static @Nullable SignedName asked(ImageName name) {
    if (!(name instanceof ImageName.InRegistry(Reference reference))) {
      return null;
    }
    return reference.digest() == null
        ? of(reference)
        : new SignedName(reference.repository(), "@" + reference.digest());
  }

  /// Neither tag nor digest.
  boolean isBare() {
    return suffix.isEmpty();
  }

  boolean hasTag() {
    return suffix.startsWith(":");
  }

  @Override
  public String toString() {
    return repository + suffix;
  }
}
