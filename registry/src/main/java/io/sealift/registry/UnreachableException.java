package io.sealift.registry;

import java.io.IOException;

/// No connection came about, for a reason that is more likely a wrong name or setting than a bad
/// moment. Its message holds the remedy.
final class UnreachableException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreachableException(String message) {
    super(message);
  }

  UnreachableException(String message, IOException cause) {
    super(message, cause);
  }
}
