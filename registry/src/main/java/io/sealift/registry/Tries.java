package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Tries again what may succeed a little later, as {@link Retries} say.
///
/// @param pause how the delays pass
record Tries(Retries retries, Pause pause) {

  /// Something that may be done again.
  interface Try<T> {
    T run() throws ImageException, InterruptedIOException;
  }

  /// Does it until it succeeds, fails for good, or failed too often.
  <T> T run(Try<T> attempt, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    for (int number = 1; ; number++) {
      try {
        return attempt.run();
      } catch (ImageException failed) {
        boolean again = failed.retryable() && !(failed.getCause() instanceof UnreachableException);
        if (!again || number >= retries.attempts()) {
          throw failed;
        }
        await(number, failed, cancellation);
      }
    }
  }

  /// Waits after a failure, the `failures`th in a row, or as long as the server asked.
  void await(int failures, ImageException failed, Cancellation cancellation)
      throws TransferException, InterruptedIOException {
    await(failures, failed.getCause() instanceof Asked asked ? asked.value : null, cancellation);
  }

  /// Waits after the `failures`th failure in a row.
  private void await(int failures, @Nullable String retryAfter, Cancellation cancellation)
      throws TransferException, InterruptedIOException {
    try {
      pause.await(retries.delay(failures, retryAfter), cancellation);
    } catch (InterruptedException interrupted) {
      if (cancellation.isCancelled()) {
        throw TransferException.lasting(
            "wait for the next try: " + cancellation.why(), interrupted);
      }
      Thread.currentThread().interrupt();
      InterruptedIOException cancelled = new InterruptedIOException("cancelled");
      cancelled.initCause(interrupted);
      throw cancelled;
    }
  }

  /// The cause of a failure whose server said when to come again.
  static final class Asked extends Exception {
    private static final long serialVersionUID = 1L;
    private final String value;

    /// @param value of the header `Retry-After`
    Asked(String value) {
      super("the server says when to come again", null, false, false);
      this.value = value;
    }
  }
}
