package io.sealift.failure;

/// The source wants other credentials than it was given.
public final class AuthenticationException extends ImageException {

  private static final long serialVersionUID = 1L;

  private final boolean denied;

  public AuthenticationException(String message) {
    super(message, null);
    denied = false;
  }

  public AuthenticationException(String message, Throwable cause) {
    super(message, cause);
    denied = cause instanceof AuthenticationException same && same.denied;
  }

  private AuthenticationException(String message, boolean denied) {
    super(message, null);
    this.denied = denied;
  }

  /// A source that knows who asks, and does not let them (HTTP status 403).
  public static AuthenticationException denied(String message) {
    return new AuthenticationException(message, true);
  }

  /// Whether the source knows who asks, and does not let them.
  public boolean isDenied() {
    return denied;
  }

  @Override
  public int exitStatus() {
    return 5;
  }
}
