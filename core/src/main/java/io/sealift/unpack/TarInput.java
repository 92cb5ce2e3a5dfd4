package io.sealift.unpack;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The plain tar of a layer, piece by piece, as {@link Unpacker} asks for it.
@FunctionalInterface
public interface TarInput {

  /// The next bytes of the tar, in a heap or direct buffer between its position and limit. They
  /// stay valid and unchanged until the next call; position and limit are the caller's to move. An
  /// empty buffer is no end.
  ///
  /// @return null at the end of the tar
  /// @throws ImageException when the tar is not to be had: a transfer that failed, a digest that is
  ///   wrong
  /// @throws InterruptedIOException when the thread was interrupted while it waited
  @Nullable ByteBuffer next() throws ImageException, InterruptedIOException;
}
