package io.sealift.cli.trace;

import java.util.ArrayList;
import java.util.List;

/// When one stage of one layer worked, as so few stretches of time that they can be drawn. A stage
/// works for a moment with each buffer, tens of thousands of times; moments that are close together
/// become one stretch, which remembers how long of it was work. Not thread-safe.
final class Stretches {

  /// What is closer together than this is one: an eighth of a millisecond.
  private static final long MAX_GAP_NANOS = 125_000;

  /// More of them than there are dots on a screen show nothing.
  private static final int MAX_STRETCHES = 256;

  private final List<Stretch> all = new ArrayList<>();

  /// What together is no longer than this is one too, in nanoseconds; grows with the pull, so that
  /// all of it is drawn equally fine.
  private long span = MAX_GAP_NANOS;

  /// @param began nanoseconds from the beginning of the pull
  /// @param ended the same
  /// @param worked nanoseconds of work between the two
  record Stretch(long began, long ended, long worked) {

    Stretch with(Stretch later) {
      return new Stretch(began, Math.max(ended, later.ended), worked + later.worked);
    }
  }

  /// Adds work that began after all that was added before.
  void add(long began, long ended) {
    append(all, new Stretch(began, ended, ended - began));
    while (all.size() > MAX_STRETCHES) {
      span *= 2;
      List<Stretch> fewer = new ArrayList<>();
      all.forEach(stretch -> append(fewer, stretch));
      all.clear();
      all.addAll(fewer);
    }
  }

  private void append(List<Stretch> to, Stretch stretch) {
    if (!to.isEmpty() && isOneWith(to.getLast(), stretch)) {
      to.set(to.size() - 1, to.getLast().with(stretch));
    } else {
      to.add(stretch);
    }
  }

  private boolean isOneWith(Stretch last, Stretch next) {
    return next.began - last.ended <= MAX_GAP_NANOS || next.ended - last.began <= span;
  }

  List<Stretch> all() {
    return List.copyOf(all);
  }
}
