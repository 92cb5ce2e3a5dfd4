package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Where the bytes of an image's blobs come from. Thread-safe: several blobs may be open at once.
/// What it gives is not proved; whoever reads checks size and digest.
public interface LayerSource {

  /// The blob from its first byte. The caller closes the stream.
  BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException;

  /// Reads a blob from its first byte to its end, again from another place where one gave bytes
  /// that do not prove.
  ///
  /// @return what the reader returned
  default <T> T read(Descriptor blob, Reader<T> reader)
      throws ImageException, InterruptedIOException {
    try (BlobStream stream = open(blob)) {
      return reader.read(stream, null);
    }
  }

  /// Reads a whole blob and proves it; begins anew each time that it is called.
  interface Reader<T> {

    /// @param stream stays the caller's to close; has to be told that it is {@link
    ///   BlobStream#proved}
    /// @param before why what came before, from another place, is not the blob; null at first
    T read(BlobStream stream, @Nullable ImageException before)
        throws ImageException, InterruptedIOException;
  }

  /// A source that can begin in the middle of a blob.
  interface Ranged extends LayerSource {

    /// The blob from `offset` (bytes, at most its size).
    BlobStream open(Descriptor blob, long offset) throws ImageException, InterruptedIOException;
  }
}
