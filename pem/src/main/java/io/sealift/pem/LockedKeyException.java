package io.sealift.pem;

/// A private key is there and cannot be opened. The message is the rest of a sentence about the
/// key: `its password is wrong`.
public final class LockedKeyException extends Exception {
  private static final long serialVersionUID = 1;

  LockedKeyException(String message) {
    super(message);
  }

  LockedKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
