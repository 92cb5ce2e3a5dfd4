package io.sealift.browse;

import io.sealift.failure.UnsafeContentException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What may still be kept, over all layers of an image. Thread-safe.
final class Budget {

  private final ListingLimits limits;
  private final @Nullable Budget whole;
  private final AtomicLong entries = new AtomicLong();
  private final AtomicLong textBytes = new AtomicLong();

  Budget(ListingLimits limits) {
    this(limits, null);
  }

  private Budget(ListingLimits limits, @Nullable Budget whole) {
    this.limits = limits;
    this.whole = whole;
  }

  /// A part of it that is as large as the whole has room, and can be given back.
  Budget part() {
    return new Budget(limits, this);
  }

  /// Takes one entry with this many bytes of text.
  void take(long text) throws UnsafeContentException {
    long allEntries = entries.incrementAndGet();
    long allText = textBytes.addAndGet(text);
    if (whole != null) {
      whole.take(text);
    } else if (allEntries > limits.maxEntries()) {
      throw new UnsafeContentException(
          "list image: more than the %d entries allowed".formatted(limits.maxEntries()));
    } else if (allText > limits.maxTextBytes()) {
      throw new UnsafeContentException(
          "list image: names have more than the %d bytes allowed".formatted(limits.maxTextBytes()));
    }
  }

  /// Nothing of this part is kept any more.
  void giveBack() {
    if (whole != null) {
      whole.entries.addAndGet(-entries.getAndSet(0));
      whole.textBytes.addAndGet(-textBytes.getAndSet(0));
    }
  }
}
