package io.sealift.oci;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a user calls an image: a transport and a name in it (containers-transports(5)). This is the
/// *logical* name that a policy is asked about, wherever the bytes come from.
public sealed interface ImageName {

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
}
