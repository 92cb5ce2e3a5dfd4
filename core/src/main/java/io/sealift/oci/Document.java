package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import org.jspecify.annotations.Nullable;

/// What a name can lead to: an image manifest, or an index of them.
public sealed interface Document permits Manifest, Index {

  MediaType mediaType();

  /// Reads a manifest or index.
  ///
  /// @param declared the type it was declared as (`Content-Type`, descriptor); null when nothing
  ///   was declared
  /// @throws UnsafeContentException when it is malformed, ambiguous, beyond a bound, or not what it
  ///   was declared as
  /// @throws UnsupportedImageException when it is sound but no image: an artifact, schema 1
  static Document parse(byte[] bytes, @Nullable MediaType declared)
      throws UnsafeContentException, UnsupportedImageException {
    return new DocumentParser(bytes, declared).parse();
  }
}
