package io.sealift.failure;

/// Content that is malformed, ambiguous, dangerous, or beyond a bound; the message names the bound
/// and its value.
public final class UnsafeContentException extends ImageException {

  private static final long serialVersionUID = 1L;

  public UnsafeContentException(String message) {
    super(message, null);
  }

  public UnsafeContentException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 7;
  }
}
