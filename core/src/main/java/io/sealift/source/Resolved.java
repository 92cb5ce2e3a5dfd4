package io.sealift.source;

import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.ImageConfig;
import io.sealift.oci.ImageName;
import io.sealift.oci.Manifest;
import io.sealift.oci.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An image that was found: these manifest and config bytes have these digests, for the platform
/// that was asked for. Made only by {@link Resolver}. Nothing says yet that the image may enter.
public final class Resolved {

  private final ImageName name;
  private final String place;
  private final @Nullable Digest indexDigest;
  private final byte[] indexBytes;
  private final Digest manifestDigest;
  private final byte[] manifestBytes;
  private final Manifest manifest;
  private final byte[] configBytes;
  private final ImageConfig config;

  Resolved(
      ImageName name,
      String place,
      @Nullable Digest indexDigest,
      byte[] indexBytes,
      Digest manifestDigest,
      byte[] manifestBytes,
      Manifest manifest,
      byte[] configBytes,
      ImageConfig config) {
    this.name = name;
    this.place = place;
    this.indexDigest = indexDigest;
    this.indexBytes = indexBytes;
    this.manifestDigest = manifestDigest;
    this.manifestBytes = manifestBytes;
    this.manifest = manifest;
    this.configBytes = configBytes;
    this.config = config;
  }

  /// The *logical* name: what the user asked for.
  public ImageName name() {
    return name;
  }

  /// The *physical* place that the bytes came from.
  public String place() {
    return place;
  }

  /// The digest of the index that named the manifest, when the name led to an index.
  public Optional<Digest> indexDigest() {
    return Optional.ofNullable(indexDigest);
  }

  /// The index as received; empty when the name led to a manifest. The array is a copy.
  public byte[] indexBytes() {
    return indexBytes.clone();
  }

  /// The digest of the platform's manifest.
  public Digest manifestDigest() {
    return manifestDigest;
  }

  /// The digest of what the name led to: the index's when there was one, else the manifest's.
  public Digest rootDigest() {
    return indexDigest == null ? manifestDigest : indexDigest;
  }

  /// The manifest as received. The array is a copy.
  public byte[] manifestBytes() {
    return manifestBytes.clone();
  }

  public MediaType manifestType() {
    return manifest.mediaType();
  }

  public Manifest manifest() {
    return manifest;
  }

  /// The image id: the digest of the config.
  public Digest imageId() {
    return manifest.config().digest();
  }

  /// The config as received. The array is a copy.
  public byte[] configBytes() {
    return configBytes.clone();
  }

  public ImageConfig config() {
    return config;
  }

  /// The layers' descriptors, base first, repeats kept; as many as {@link ImageConfig#diffIds}.
  public List<Descriptor> layers() {
    return manifest.layers();
  }
}
