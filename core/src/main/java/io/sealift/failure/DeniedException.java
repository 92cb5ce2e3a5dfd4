package io.sealift.failure;

/// This process may not do with a file what was asked of it, but another user may.
public final class DeniedException extends StoreException {

  private static final long serialVersionUID = 1L;

  public DeniedException(String message) {
    super(message);
  }

  public DeniedException(String message, Throwable cause) {
    super(message, cause);
  }
}
