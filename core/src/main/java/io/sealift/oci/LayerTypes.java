package io.sealift.oci;

import io.sealift.failure.UnsupportedImageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The types of layers in the two forms (OCI image specification, media-types.md, Compatibility
/// Matrix):
///
/// | OCI | Docker |
/// |---|---|
/// | `…layer.v1.tar`, `+gzip` | `…rootfs.diff.tar`, `.gzip` |
/// | `…layer.nondistributable.v1.tar`, `+gzip` | `…rootfs.foreign.diff.tar`, `.gzip` |
/// | `…+zstd` | `….zstd`, seen but never written here |
/// | `…+encrypted` | none |
final class LayerTypes {

  private static final Pattern DOCKER =
      Pattern.compile(
          "application/vnd\\.docker\\.image\\.rootfs\\.(foreign\\.)?diff\\.tar([.+](gzip|zstd))?");
  private static final Pattern OCI =
      Pattern.compile(
          "application/vnd\\.oci\\.image\\.layer\\.(nondistributable\\.)?v1\\.tar(\\+gzip)?");

  private LayerTypes() {}

  /// The OCI type of a layer of a Docker manifest; what has one already keeps it.
  static MediaType oci(Descriptor layer) throws UnsupportedImageException {
    String name = layer.mediaType().name();
    Matcher docker = DOCKER.matcher(name);
    if (docker.matches()) {
      return new MediaType(
          "application/vnd.oci.image.layer."
              + (docker.group(1) == null ? "" : "nondistributable.")
              + "v1.tar"
              + (docker.group(3) == null ? "" : "+" + docker.group(3)));
    }
    if (name.startsWith("application/vnd.oci.image.layer.")) {
      return layer.mediaType();
    }
    throw unknown("oci", layer);
  }

  /// The Docker type of a layer of an OCI manifest; what has one already keeps it.
  static MediaType docker(Descriptor layer) throws UnsupportedImageException {
    String name = layer.mediaType().name();
    Matcher oci = OCI.matcher(name);
    if (oci.matches()) {
      return new MediaType(
          "application/vnd.docker.image.rootfs."
              + (oci.group(1) == null ? "" : "foreign.")
              + "diff.tar"
              + (oci.group(2) == null ? "" : ".gzip"));
    }
    if (DOCKER.matcher(name).matches() && !name.endsWith("zstd")) {
      return layer.mediaType();
    }
    throw unknown("docker", layer);
  }

  private static UnsupportedImageException unknown(String form, Descriptor layer) {
    return new UnsupportedImageException(
        "convert to %s: layer %s is of type %s, for which that form has no name"
            .formatted(form, layer.digest(), layer.mediaType()));
  }
}
