package io.sealift.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How time passes between attempts; tests let it pass at once.
@FunctionalInterface
interface Pause {

  Pause REAL =
      (delay, cancellation) ->
          cancellation.await(spread(delay, ThreadLocalRandom.current().nextDouble()));

  /// Up to a quarter longer, so that those who failed together do not come again together; never
  /// shorter, because a server may have named the time.
  ///
  /// @param chance from 0 to 1
  static Duration spread(Duration delay, double chance) {
    return delay.plusNanos((long) (delay.toNanos() * chance / 4));
  }

  /// @throws InterruptedException when cancelled, or when the thread was interrupted
  void await(Duration delay, Cancellation cancellation) throws InterruptedException;
}
