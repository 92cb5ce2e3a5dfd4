package io.sealift.failure;

import org.jspecify.annotations.Nullable;

/// A source did not deliver: a connection that failed or broke, an answer that makes no sense, a
/// server in trouble.
public final class TransferException extends ImageException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  private TransferException(String message, @Nullable Throwable cause, boolean retryable) {
    super(message, cause);
    this.retryable = retryable;
  }

  /// A failure that time may heal: a reset, a time-out, status 429 or 5xx.
  public static TransferException passing(String message, @Nullable Throwable cause) {
    return new TransferException(message, cause, true);
  }

  /// A failure that the same request will meet again: a broken protocol, a status that means no.
  public static TransferException lasting(String message, @Nullable Throwable cause) {
    return new TransferException(message, cause, false);
  }

  @Override
  public int exitStatus() {
    return 1;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }
}
