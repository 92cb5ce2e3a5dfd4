package io.sealift.wire;

/// Bytes that are not the message they should be.
public final class ProtoException extends Exception {

  private static final long serialVersionUID = 1L;

  public ProtoException(String message) {
    super(message);
  }

  public ProtoException(String message, Throwable cause) {
    super(message, cause);
  }
}
