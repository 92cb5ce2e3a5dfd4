package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;

/// An image's manifest and config in the other of the two forms, for looking at and for copying:
/// pulling never converts.
///
/// @param manifest the bytes of the manifest
/// @param config the bytes of the config that it names
@SuppressWarnings("ArrayRecordComponent")
public record Conversion(MediaType mediaType, byte[] manifest, byte[] config) {

  /// Whose media types and members are used.
  public enum Form {
    OCI,
    DOCKER
  }

  /// Converts what was received to `form`; the same bytes when it has that form already.
  ///
  /// @throws UnsupportedImageException when the form has no words for something of the image
  public static Conversion of(Form form, byte[] manifest, Manifest parsed, byte[] config)
      throws UnsafeContentException, UnsupportedImageException {
    throw new IllegalStateException(form + " " + manifest.length + parsed + config.length);
  }
}
