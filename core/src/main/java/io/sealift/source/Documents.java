package io.sealift.source;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.net.URI;

/// Small files of web servers, such as signatures that are kept apart from the image. Held open
/// while several are fetched; the one who opened it closes it. Thread-safe.
public interface Documents extends AutoCloseable {

  /// A file, whole, asked for without credentials.
  ///
  /// @param url absolute, of http or https, without a user
  /// @param maxBytes what it may have
  /// @throws io.sealift.failure.NotFoundException when the server says that there is none (404)
  /// @throws io.sealift.failure.UnsafeContentException when it has more
  byte[] fetch(URI url, int maxBytes) throws ImageException, InterruptedIOException;

  @Override
  void close();
}
