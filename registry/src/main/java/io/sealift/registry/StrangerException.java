package io.sealift.registry;

import java.io.IOException;

/// A server wants to know whom it speaks with, and knows no certificate that it was shown. Its
/// message holds the remedy.
final class StrangerException extends IOException {

  private static final long serialVersionUID = 1L;

  StrangerException(String message, IOException cause) {
    super(message, cause);
  }
}
