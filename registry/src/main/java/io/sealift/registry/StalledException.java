package io.sealift.registry;

import java.io.IOException;

/// A peer did not do in time what it had to do.
final class StalledException extends IOException {

  private static final long serialVersionUID = 1L;

  StalledException(String message) {
    super(message);
  }
}
