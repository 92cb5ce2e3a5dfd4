/// Signatures by Sigstore and cosign.
module io.sealift.sigstore {
  requires transitive io.sealift.core;

  exports io.sealift.sigstore;
}
