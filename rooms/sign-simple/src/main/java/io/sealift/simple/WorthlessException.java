package io.sealift.simple;

/// A signature proves nothing; the message says why, in one line without the signature's place.
final class WorthlessException extends Exception {

  private static final long serialVersionUID = 1L;

  WorthlessException(String message) {
    super(message);
  }

  WorthlessException(String message, Throwable cause) {
    super(message, cause);
  }
}
