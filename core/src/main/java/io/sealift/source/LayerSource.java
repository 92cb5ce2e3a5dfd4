package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import java.io.InterruptedIOException;

/// Where the bytes of an image's blobs come from. Thread-safe: several blobs may be open at once.
/// What it gives is not proved; whoever reads checks size and digest.
public interface LayerSource {

  /// The blob from its first byte. The caller closes the stream.
  BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException;

  /// A source that can begin in the middle of a blob.
  interface Ranged extends LayerSource {

    /// The blob from `offset` (bytes, at most its size).
    BlobStream open(Descriptor blob, long offset) throws ImageException, InterruptedIOException;
  }
}
