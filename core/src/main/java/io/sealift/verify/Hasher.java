package io.sealift.verify;

import io.sealift.oci.Digest;
import java.nio.ByteBuffer;

/// One running digest, from {@link Hashing#open} until {@link #digest} or {@link #close}. Used by
/// one thread at a time.
public interface Hasher extends AutoCloseable {

  /// Adds the bytes between the buffer's position and limit, and moves its position to the limit.
  void update(ByteBuffer bytes);

  /// The digest of all bytes added so far. Ends the hasher: only {@link #close} may follow.
  Digest digest();

  @Override
  void close();
}
