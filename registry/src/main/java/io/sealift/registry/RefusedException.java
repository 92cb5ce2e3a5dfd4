package io.sealift.registry;

import io.sealift.failure.ImageException;
import java.io.IOException;

/// No connection came about, for a reason that is a failure of its own.
final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final ImageException reason;

  RefusedException(ImageException reason) {
    super(reason.getMessage(), reason);
    this.reason = reason;
  }

  ImageException reason() {
    return reason;
  }
}
