package io.sealift.registry;

import java.time.Duration;

/// How time passes between attempts; tests let it pass at once.
@FunctionalInterface
interface Pause {

  Pause REAL = (delay, cancellation) -> cancellation.await(delay);

  /// @throws InterruptedException when cancelled, or when the thread was interrupted
  void await(Duration delay, Cancellation cancellation) throws InterruptedException;
}
