package io.sealift.telemetry;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Tells moments of `System.nanoTime` as nanoseconds since 1970, so that spans of one trace lie to
/// each other as the work did, also when the machine's clock is set meanwhile. Immutable.
final class WallClock {

  private final long offset;

  WallClock() {
    Instant now = Instant.now();
    offset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
  }

  long at(long nanoTime) {
    return nanoTime + offset;
  }

  long now() {
    return at(System.nanoTime());
  }
}
