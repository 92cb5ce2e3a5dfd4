package io.sealift.verify;

import io.sealift.failure.IntegrityException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import java.nio.ByteBuffer;

/// What some bytes are expected to be, for the message that says they are not: a subject (`layer`,
/// `manifest of x`), a digest, and a size in bytes where it is known beforehand ({@link
/// #UNKNOWN_SIZE} otherwise).
public record ExpectedBytes(String subject, Digest digest, long size) {

  /// The size of bytes that only their digest describes, such as an unpacked layer.
  public static final long UNKNOWN_SIZE = -1;

  public static ExpectedBytes of(String subject, Descriptor descriptor) {
    return new ExpectedBytes(subject, descriptor.digest(), descriptor.size());
  }

  public static ExpectedBytes of(DiffId diffId) {
    return new ExpectedBytes("unpacked layer", diffId.digest(), UNKNOWN_SIZE);
  }

  /// A hasher for bytes that arrive in pieces; the caller closes it.
  public Verification begin(Hashing hashing) {
    return new Verification(this, hashing.open(digest.algorithm()));
  }

  /// Checks bytes that are all there.
  public void check(byte[] bytes, Hashing hashing) throws IntegrityException {
    try (Verification verification = begin(hashing)) {
      verification.update(ByteBuffer.wrap(bytes));
      verification.complete();
    }
  }
}
