package io.sealift.failure;

/// Bytes that are not what their digest, size or checksum says they are.
public final class IntegrityException extends ImageException {

  private static final long serialVersionUID = 1L;

  public IntegrityException(String message) {
    super(message, null);
  }

  public IntegrityException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 6;
  }
}
