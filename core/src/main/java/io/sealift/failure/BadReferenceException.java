package io.sealift.failure;

/// A name, option or configuration that is not well formed.
public final class BadReferenceException extends ImageException {

  private static final long serialVersionUID = 1L;

  public BadReferenceException(String message) {
    super(message, null);
  }

  public BadReferenceException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 2;
  }
}
