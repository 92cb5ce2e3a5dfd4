package io.sealift.verify;

import io.sealift.oci.Digest;
import java.nio.ByteBuffer;

/// Bytes that were proved under one digest, and that others may call by another one: a signature
/// names a manifest with the algorithm of its own choice.
///
/// @param bytes owned by the caller, and not changed meanwhile
@SuppressWarnings("ArrayRecordComponent")
public record NamedBytes(Digest digest, byte[] bytes) {

  /// Whether a digest is that of these bytes, computed with its own algorithm where that is another
  /// than the one they were proved with.
  public boolean are(Digest claimed, Hashing hashing) {
    if (claimed.algorithm() == digest.algorithm()) {
      return claimed.equals(digest);
    }
    try (Hasher hasher = hashing.open(claimed.algorithm())) {
      hasher.update(ByteBuffer.wrap(bytes));
      return hasher.digest().equals(claimed);
    }
  }
}
