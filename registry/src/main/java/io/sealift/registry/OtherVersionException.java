package io.sealift.registry;

import java.io.IOException;

/// A server does not speak the version of HTTP that was spoken to it, or gives reason to think so.
final class OtherVersionException extends IOException {

  private static final long serialVersionUID = 1L;

  private final IOException ifNeither;

  /// @param ifNeither what it means when the server does not speak another version either
  OtherVersionException(IOException ifNeither) {
    super(ifNeither.getMessage(), ifNeither);
    this.ifNeither = ifNeither;
  }

  IOException ifNeither() {
    return ifNeither;
  }
}
