package io.sealift.verify;

import io.sealift.failure.IntegrityException;
import io.sealift.oci.Digest;
import java.nio.ByteBuffer;

/// Bytes on their way to being proved: from {@link ExpectedBytes#begin} through {@link #update} to
/// {@link #complete}, which throws unless they were the expected ones. Used by one thread at a
/// time.
public final class Verification implements AutoCloseable {

  private final ExpectedBytes expected;
  private final Hasher hasher;
  private long size;

  Verification(ExpectedBytes expected, Hasher hasher) {
    this.expected = expected;
    this.hasher = hasher;
  }

  /// Adds the buffer's remaining bytes and moves its position to its limit. Refuses at once when
  /// they are more than expected, so that an endless body ends here.
  public void update(ByteBuffer bytes) throws IntegrityException {
    size += bytes.remaining();
    if (expected.size() != ExpectedBytes.UNKNOWN_SIZE && size > expected.size()) {
      throw new IntegrityException(
          "verify %s %s: expected %d bytes, got more"
              .formatted(expected.subject(), expected.digest(), expected.size()));
    }
    hasher.update(bytes);
  }

  /// Bytes seen so far.
  public long size() {
    return size;
  }

  /// Ends the verification: size and digest are what was expected, or an exception says which is
  /// not.
  public void complete() throws IntegrityException {
    if (expected.size() != ExpectedBytes.UNKNOWN_SIZE && size != expected.size()) {
      throw new IntegrityException(
          "verify %s %s: expected %d bytes, got %d"
              .formatted(expected.subject(), expected.digest(), expected.size(), size));
    }
    Digest actual = hasher.digest();
    if (!actual.equals(expected.digest())) {
      throw new IntegrityException(
          "verify %s: expected %s, got %s"
              .formatted(expected.subject(), expected.digest(), actual));
    }
  }

  @Override
  public void close() {
    hasher.close();
  }
}
