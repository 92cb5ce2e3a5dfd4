package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Blobs that are small enough to be held whole: configs, signatures.
public final class SmallBlob {

  private SmallBlob() {}

  /// Fetches a blob and checks it against its descriptor.
  ///
  /// @param subject what it is, for messages: `config`
  /// @param maxBytes what it may have; a descriptor that says more is refused before anything is
  ///   fetched
  /// @throws io.sealift.failure.IntegrityException when it is not what its descriptor says
  public static byte[] fetch(
      String subject, LayerSource source, Descriptor blob, int maxBytes, Hashing hashing)
      throws ImageException, InterruptedIOException {
    if (blob.size() > maxBytes) {
      throw new UnsafeContentException(
          "fetch %s %s: %d bytes are more than the %d allowed"
              .formatted(subject, blob.digest(), blob.size(), maxBytes));
    }
    return source.read(
        blob,
        (stream, _) -> {
          byte[] bytes = whole(stream, blob);
          ExpectedBytes.of(subject, blob).check(bytes, hashing);
          stream.proved();
          return bytes;
        });
  }

  /// Reads it whole; one byte more than expected is enough to know that it is wrong.
  private static byte[] whole(BlobStream stream, Descriptor blob)
      throws ImageException, InterruptedIOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(blob.size()) + 1);
    while (buffer.hasRemaining() && stream.read(buffer) >= 0) {}
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
