package io.sealift.oci;

/// The digest of a layer's uncompressed tar (OCI image specification, config.md, Layer DiffID).
public record DiffId(Digest digest) {

  @Override
  public String toString() {
    return digest.toString();
  }
}
