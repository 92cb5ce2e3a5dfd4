package io.sealift.browse;

import io.sealift.failure.UnsafeContentException;
import java.util.concurrent.atomic.AtomicLong;

/// What may still be kept, over all layers of an image. Thread-safe.
final class Budget {

  private final ListingLimits limits;
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong textBytes = new AtomicLong();

  Budget(ListingLimits limits) {
    this.limits = limits;
  }

  /// Takes one entry with this many bytes of text.
  void take(long text) throws UnsafeContentException {
    if (entries.incrementAndGet() > limits.maxEntries()) {
      throw new UnsafeContentException(
          "list image: more than the %d entries allowed".formatted(limits.maxEntries()));
    }
    if (textBytes.addAndGet(text) > limits.maxTextBytes()) {
      throw new UnsafeContentException(
          "list image: names have more than the %d bytes allowed".formatted(limits.maxTextBytes()));
    }
  }
}
