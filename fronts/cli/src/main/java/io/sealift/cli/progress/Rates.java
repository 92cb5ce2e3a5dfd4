package io.sealift.cli.progress;

import io.sealift.cli.console.Sizes;
import java.util.IdentityHashMap;

/// How fast counters grow, smoothed over about a second. For one thread.
final class Rates {

  /// How much of the old rate a second leaves over: 1/e.
  private static final double SECONDS = 1.0;

  private final IdentityHashMap<Object, Sample> samples = new IdentityHashMap<>();

  /// The rate of `counter`, which stands at `bytes` at `now` (nanoseconds), as `12.3 MiB/s`; empty
  /// while there is none.
  String of(Object counter, long bytes, long now) {
    Sample last = samples.get(counter);
    if (last == null) {
      samples.put(counter, new Sample(bytes, now, -1));
      return "";
    }
    double seconds = (now - last.at) / 1e9;
    if (seconds <= 0) {
      return last.text();
    }
    double current = Math.max(0, bytes - last.bytes) / seconds;
    double old = Math.exp(-seconds / SECONDS);
    double rate = last.rate < 0 ? current : old * last.rate + (1 - old) * current;
    Sample next = new Sample(bytes, now, rate);
    samples.put(counter, next);
    return next.text();
  }

  /// @param rate bytes a second; negative while unknown
  private record Sample(long bytes, long at, double rate) {
    String text() {
      return rate < 0 ? "" : Sizes.format((long) rate) + "/s";
    }
  }
}
