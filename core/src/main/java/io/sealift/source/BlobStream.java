package io.sealift.source;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/// The bytes of one blob as they arrive, from {@link LayerSource#open} until {@link #close}. Read
/// by one thread; closing from another thread ends a read that waits.
public interface BlobStream extends AutoCloseable {

  /// Puts at least one byte into the buffer, or returns -1 at the end of the blob.
  ///
  /// @return the number of bytes read
  /// @throws InterruptedIOException when the reading thread was interrupted
  int read(ByteBuffer into) throws ImageException, InterruptedIOException;

  /// Whether there are other places to have the blob from. Whoever finds that its content is bad
  /// then reads it to the end before saying so: only if all of it {@link #proved} is the blob to
  /// blame.
  default boolean hasOtherPlaces() {
    return false;
  }

  /// Is told that all bytes were read, and are the blob's.
  default void proved() {}

  @Override
  void close();
}
