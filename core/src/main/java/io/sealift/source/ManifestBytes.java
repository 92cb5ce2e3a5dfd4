package io.sealift.source;

import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import org.jspecify.annotations.Nullable;

/// A manifest or index exactly as it was received, nothing proved about it yet. Ownership of the
/// array passes along.
///
/// @param declared the type that the source says it has (`Content-Type`, or the descriptor's); null
///   when it says none
/// @param digest what the source says the digest is; null when it says nothing
@SuppressWarnings("ArrayRecordComponent")
public record ManifestBytes(byte[] bytes, @Nullable MediaType declared, @Nullable Digest digest) {

  /// Bytes that a manifest or index may have; registries have to accept 4 MB, containers/image
  /// reads no more (4 MiB).
  public static final int MAX_BYTES = 4 * 1024 * 1024;
}
