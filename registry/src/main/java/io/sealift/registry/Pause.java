package io.sealift.registry;

import java.io.InterruptedIOException;
import java.time.Duration;

/// How time is let pass between one try and the next.
@FunctionalInterface
public interface Pause {

  /// Sleeps.
  Pause SLEEP =
      duration -> {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
          InterruptedIOException cancelled = new InterruptedIOException("cancelled");
          cancelled.initCause(interrupted);
          throw cancelled;
        }
      };

  void await(Duration duration) throws InterruptedIOException;
}
