package io.sealift.tar;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where a {@link TarReader} has its bytes from.
@FunctionalInterface
public interface TarSource {

  /// The next bytes, between position and limit of a buffer that stays valid and unchanged until
  /// the next call; null at the end. An empty buffer is no end.
  @Nullable ByteBuffer next() throws ImageException, InterruptedIOException;

  /// Passes over bytes without reading them, where that is cheaper.
  ///
  /// @return bytes passed over, 0 to `count`
  default long skip(long count) throws ImageException, InterruptedIOException {
    return 0;
  }
}
