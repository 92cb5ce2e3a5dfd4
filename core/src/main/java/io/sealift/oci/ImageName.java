package io.sealift.oci;

import io.sealift.failure.BadReferenceException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a user calls an image: a transport and a name in it (containers-transports(5)). This is the
/// *logical* name that a policy is asked about, wherever the bytes come from.
public sealed interface ImageName {

  /// Transports of other tools, told apart from a registry host with a port.
  Pattern FOREIGN_TRANSPORT =
      Pattern.compile(
          "(dir|docker-archive|docker-daemon|containers-storage|ostree|sif|tarball|https?)(:.*)?");

  /// Reads `docker://REFERENCE`, a bare reference, `oci:DIR[:NAME]` or `oci-archive:FILE[:NAME]`.
  ///
  /// @throws BadReferenceException when it is none of these
  static ImageName parse(String text) throws BadReferenceException {
    if (text.startsWith("docker://")) {
      return new InRegistry(Reference.parse(text.substring("docker://".length())));
    }
    if (text.startsWith("oci:")) {
      Place place = Place.of(text, text.substring("oci:".length()));
      return new InLayout(place.path(), place.name());
    }
    if (text.startsWith("oci-archive:")) {
      Place place = Place.of(text, text.substring("oci-archive:".length()));
      return new InArchive(place.path(), place.name());
    }
    if (FOREIGN_TRANSPORT.matcher(text).matches() && text.indexOf(':') > 0) {
      throw new BadReferenceException(
          ("read image name '%s': this transport is not supported; use docker://REFERENCE, oci:DIR[:NAME] or"
                  + " oci-archive:FILE[:NAME]")
              .formatted(text));
    }
    return new InRegistry(Reference.parse(text));
  }

  /// `docker://host/repo[:tag][@digest]`, or the bare reference.
  record InRegistry(Reference reference) implements ImageName {
    @Override
    public String toString() {
      return "docker://" + reference;
    }
  }

  /// `oci:DIR[:NAME]`, a layout directory; without a name the layout must hold exactly one image.
  record InLayout(Path directory, @Nullable String name) implements ImageName {
    @Override
    public String toString() {
      return "oci:" + directory + (name == null ? "" : ":" + name);
    }
  }

  /// `oci-archive:FILE[:NAME]`, a layout in a tar file.
  record InArchive(Path file, @Nullable String name) implements ImageName {
    @Override
    public String toString() {
      return "oci-archive:" + file + (name == null ? "" : ":" + name);
    }
  }

  /// A path and the name behind its first colon, as containers-transports(5) splits them.
  record Place(Path path, @Nullable String name) {

    static Place of(String text, String rest) throws BadReferenceException {
      int colon = rest.indexOf(':');
      String path = colon < 0 ? rest : rest.substring(0, colon);
      if (path.isEmpty()) {
        throw new BadReferenceException("read image name '%s': expected a path".formatted(text));
      }
      try {
        String name = colon < 0 || colon == rest.length() - 1 ? null : rest.substring(colon + 1);
        return new Place(Path.of(path), name);
      } catch (InvalidPathException malformed) {
        throw new BadReferenceException(
            "read image name '%s': '%s' is not a path".formatted(text, path), malformed);
      }
    }
  }
}
