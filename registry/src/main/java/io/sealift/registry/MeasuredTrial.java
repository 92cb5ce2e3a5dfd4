package io.sealift.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/// A trial by the bytes that come in a second from the registry, whatever for: what a second
/// connection takes away from others is no gain.
///
/// | there is no trial while | because |
/// |---|---|
/// | bytes are mostly there before they are asked for | the registry is not what it waits for |
/// | they come at {@link #FAST} or more | nothing behind this is faster |
/// | their rate still grows | a connection begins slowly; the network is not known yet |
///
/// A second connection stays when with it a third more comes. A lost trial is repeated when four
/// times as much has come; other layers may be through by then.
final class MeasuredTrial implements Trial {

  /// Bytes a second (250 MB) that are as many as can be unpacked.
  private static final double FAST = 250e6;

  /// A window of measurement: so long (100 ms), and so many bytes, as servers that limit a stream
  /// send it in bursts.
  private static final long WINDOW_NANOS = 100_000_000;

  private static final long WINDOW_BYTES = 2 << 20;

  /// Of the time of a window, so much has to be spent on waiting.
  private static final double WAITING = 0.7;

  /// A rate that is not this much higher than in the window before does not grow any more.
  private static final double SETTLED = 1.25;

  /// How long a trial goes on (500 ms) when the second connection does not end it earlier. The
  /// second half of it counts, as that connection begins slowly too.
  private static final long LONGEST_NANOS = 500_000_000;

  /// How long a trial has to be seen (50 ms) to say anything.
  private static final long SHORTEST_NANOS = 50_000_000;

  /// Between two looks that are kept of a trial (5 ms).
  private static final long LOOK_NANOS = 5_000_000;

  private static final double GAIN = 1.33;

  private static final long AGAIN = 4;

  private final Supplier<Sight> now;
  private final long start;
  private Sight begun;
  private long waited;
  private double before;
  private long notBelow;
  private final Deque<Sight> looks = new ArrayDeque<>();

  /// @param now the moment
  MeasuredTrial(Supplier<Sight> now) {
    this.now = now;
    this.begun = now.get();
    this.start = begun.received();
  }

  @Override
  public boolean begins(long waitedNanos) {
    waited += waitedNanos;
    Sight at = now.get();
    long nanos = at.nanos() - begun.nanos();
    long bytes = at.received() - begun.received();
    if (nanos < WINDOW_NANOS || bytes < WINDOW_BYTES) {
      return false;
    }
    double rate = rate(begun, at);
    boolean settled = before > 0 && rate < before * SETTLED;
    boolean waiting = waited >= WAITING * nanos;
    before = waiting ? rate : 0;
    begun = at;
    waited = 0;
    return waiting && settled && rate < FAST && at.received() >= notBelow;
  }

  @Override
  public long lead() {
    return (long) (before * LONGEST_NANOS / 1e9);
  }

  @Override
  public Verdict verdict(Second second) {
    Sight first = second.firstByte();
    boolean over = second.isOver();
    Sight at = now.get();
    if (first == null) {
      return over ? Verdict.LOST : Verdict.OPEN;
    }
    if (looks.isEmpty()) {
      looks.add(first);
    }
    if (!over && at.nanos() - first.nanos() < LONGEST_NANOS) {
      if (at.nanos() - looks.getLast().nanos() >= LOOK_NANOS) {
        looks.add(at);
      }
      return Verdict.OPEN;
    }
    boolean seen = at.nanos() - first.nanos() >= SHORTEST_NANOS;
    return seen && rate(middle(at), at) >= GAIN * before ? Verdict.WON : Verdict.LOST;
  }

  /// The look at the middle of the trial, or the last one before it.
  private Sight middle(Sight end) {
    long middle = (looks.getFirst().nanos() + end.nanos()) / 2;
    Sight last = looks.getFirst();
    for (Sight look : looks) {
      if (look.nanos() <= middle) {
        last = look;
      }
    }
    return last;
  }

  @Override
  public void over() {
    begun = now.get();
    notBelow = start + (begun.received() - start) * AGAIN;
    waited = 0;
    looks.clear();
  }

  /// Bytes a second.
  private static double rate(Sight from, Sight to) {
    return (to.received() - from.received()) * 1e9 / Math.max(1, to.nanos() - from.nanos());
  }
}
