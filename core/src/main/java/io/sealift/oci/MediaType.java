package io.sealift.oci;

import io.sealift.codec.Compression;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The type of some content, lower case and without parameters (OCI image specification,
/// media-types.md; Docker image manifest version 2, schema 2).
public record MediaType(String name) {

  public static final MediaType OCI_MANIFEST =
      new MediaType("application/vnd.oci.image.manifest.v1+json");
  public static final MediaType OCI_INDEX =
      new MediaType("application/vnd.oci.image.index.v1+json");
  public static final MediaType OCI_CONFIG =
      new MediaType("application/vnd.oci.image.config.v1+json");
  public static final MediaType DOCKER_MANIFEST =
      new MediaType("application/vnd.docker.distribution.manifest.v2+json");
  public static final MediaType DOCKER_LIST =
      new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
  public static final MediaType DOCKER_CONFIG =
      new MediaType("application/vnd.docker.container.image.v1+json");

  private static final String OCI_LAYER = "application/vnd.oci.image.layer.";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.";
  private static final String ENCRYPTED = "+encrypted";

  /// Reads a type as it stands in a header or a descriptor: parameters are dropped, letters made
  /// lower case.
  public static MediaType parse(String text) {
    int semicolon = text.indexOf(';');
    String bare = semicolon < 0 ? text : text.substring(0, semicolon);
    return new MediaType(bare.strip().toLowerCase(Locale.ROOT));
  }

  /// One of the two forms of an image manifest.
  public boolean isManifest() {
    return equals(OCI_MANIFEST) || equals(DOCKER_MANIFEST);
  }

  /// One of the two forms of a list of manifests.
  public boolean isIndex() {
    return equals(OCI_INDEX) || equals(DOCKER_LIST);
  }

  /// One of the two forms of an image config.
  public boolean isConfig() {
    return equals(OCI_CONFIG) || equals(DOCKER_CONFIG);
  }

  /// A tar that is a layer of an image, however compressed, encrypted or restricted.
  public boolean isLayer() {
    return (name.startsWith(OCI_LAYER) && name.contains(".tar"))
        || (name.startsWith(DOCKER_LAYER) && name.contains("diff.tar"));
  }

  /// A layer that may have to be fetched from elsewhere (OCI: non-distributable; Docker: foreign).
  public boolean isForeign() {
    return name.contains(".nondistributable.") || name.contains(".foreign.");
  }

  /// A layer encrypted as ocicrypt does.
  public boolean isEncrypted() {
    return name.endsWith(ENCRYPTED);
  }

  /// Whether the type says that the layer is compressed this way. Only ever a hint: the bytes
  /// decide.
  public boolean announces(Compression compression) {
    String plain = isEncrypted() ? name.substring(0, name.length() - ENCRYPTED.length()) : name;
    boolean gzip = plain.endsWith("+gzip") || plain.endsWith(".gzip");
    boolean zstd = plain.endsWith("+zstd") || plain.endsWith(".zstd");
    return switch (compression) {
      case GZIP -> gzip;
      case ZSTD -> zstd;
      case NONE -> !gzip && !zstd;
    };
  }

  // Written out: the first generated one of a process costs it 15 ms, which no cache of the JVM
  // saves.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MediaType type && name.equals(type.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
