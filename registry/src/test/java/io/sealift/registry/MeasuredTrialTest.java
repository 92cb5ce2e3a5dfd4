package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.registry.Trial.Sight;
import io.sealift.registry.Trial.Verdict;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When a second connection is tried, and when it stays, by the clock of a network that is only
/// thought of.
class MeasuredTrialTest {

  /// Between two reads (1 ms).
  private static final long STEP_NANOS = 1_000_000;

  /// How long a network is looked at (20 s).
  private static final long END_NANOS = 20_000_000_000L;

  /// Bytes that a second connection may bring in a trial.
  private static final long TRIAL_BYTES = 4 << 20;

  private static final String NEVER = "never";

  /// A network.
  ///
  /// @param alone bytes a second of the only connection, by the seconds since it began
  /// @param second those of the second one, by the seconds since it began
  /// @param left what the first one has beside the second, as a part of what it had alone
  /// @param waited what part of the time is spent on waiting for bytes
  /// @param expected how the first trial ends
  record Network(
      String name,
      DoubleUnaryOperator alone,
      DoubleUnaryOperator second,
      DoubleUnaryOperator left,
      double waited,
      String expected) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static DoubleUnaryOperator steady(double megabytes) {
    return _ -> megabytes * 1e6;
  }

  /// Doubles its rate with each round trip of 20 milliseconds, from ten packets.
  private static DoubleUnaryOperator slowStart(double megabytes) {
    return seconds -> Math.min(megabytes * 1e6, 15_000 / 0.02 * Math.pow(2, seconds / 0.02));
  }

  /// Two megabytes at once, and then nothing until the next are due.
  private static DoubleUnaryOperator bursts(double megabytes) {
    double period = 2 / megabytes;
    return seconds -> seconds % period < 0.002 ? 1e9 : 0;
  }

  private static double all(double seconds) {
    return 1;
  }

  static Stream<Network> networks() {
    return Stream.of(
        new Network("each has 10 MB/s", steady(10), steady(10), MeasuredTrialTest::all, 1, "WON"),
        new Network("each has 1 MB/s", steady(1), steady(1), MeasuredTrialTest::all, 1, "WON"),
        new Network(
            "each has 90 MB/s", slowStart(90), slowStart(90), MeasuredTrialTest::all, 1, "WON"),
        new Network(
            "each has 10 MB/s, in bursts",
            bursts(10),
            bursts(10),
            MeasuredTrialTest::all,
            1,
            "WON"),
        new Network(
            "the second has half", steady(20), steady(10), MeasuredTrialTest::all, 1, "WON"),
        new Network(
            "the second has a fifth", steady(20), steady(4), MeasuredTrialTest::all, 1, "LOST"),
        new Network("both share 1 Gbit/s", slowStart(125), slowStart(62), s -> 0.5, 1, "LOST"),
        new Network("both share 100 Mbit/s", slowStart(12), slowStart(6), s -> 0.5, 1, "LOST"),
        new Network("both share 10 Mbit/s", slowStart(1.2), slowStart(0.6), s -> 0.5, 1, "LOST"),
        new Network(
            "the second says nothing", steady(10), steady(0), MeasuredTrialTest::all, 1, "LOST"),
        new Network(
            "bytes wait for us", steady(10), steady(10), MeasuredTrialTest::all, 0.5, NEVER),
        new Network(
            "it is fast enough", steady(300), steady(300), MeasuredTrialTest::all, 1, NEVER),
        new Network(
            "it grows",
            s -> 1e6 * Math.pow(2, 10 * s),
            steady(9),
            MeasuredTrialTest::all,
            1,
            NEVER));
  }

  /// What a network does with the first trial.
  private static final class Course implements Trial.Second {

    private final Network network;
    private long nanos;
    private double received;
    private double bySecond;
    private long begun = -1;
    private @Nullable Sight firstByte;

    Course(Network network) {
      this.network = network;
    }

    Sight now() {
      return new Sight(nanos, (long) received);
    }

    void step(boolean trying) {
      nanos += STEP_NANOS;
      double seconds = nanos / 1e9;
      double step = STEP_NANOS / 1e9;
      double bytes = network.alone.applyAsDouble(seconds) * step;
      if (trying) {
        if (begun < 0) {
          begun = nanos;
        }
        double since = (nanos - begun) / 1e9;
        double more = network.second.applyAsDouble(since) * step;
        bySecond += more;
        bytes = bytes * network.left.applyAsDouble(since) + more;
      }
      received += bytes;
      if (bySecond > 0 && firstByte == null) {
        firstByte = now();
      }
    }

    @Override
    public @Nullable Sight firstByte() {
      return firstByte;
    }

    @Override
    public boolean isOver() {
      return bySecond >= TRIAL_BYTES || (begun >= 0 && nanos - begun > 2_000_000_000L);
    }
  }

  private static String outcome(Network network) {
    Course course = new Course(network);
    MeasuredTrial trial = new MeasuredTrial(course::now);
    boolean trying = false;
    while (course.nanos < END_NANOS) {
      course.step(trying);
      if (trying) {
        Verdict verdict = trial.verdict(course);
        if (verdict != Verdict.OPEN) {
          return verdict.name();
        }
      } else {
        trying = trial.begins((long) (network.waited * STEP_NANOS));
      }
    }
    return NEVER;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aSecondConnectionStaysWhereItBringsMore(Network network) {
    assertEquals(network.expected, outcome(network));
  }

  @Test
  void aLostTrialIsRepeatedWhenFourTimesAsMuchCame() {
    Course course = new Course(networks().toList().get(6));
    MeasuredTrial trial = new MeasuredTrial(course::now);
    while (!trial.begins(STEP_NANOS)) {
      course.step(false);
    }
    while (trial.verdict(course) == Verdict.OPEN) {
      course.step(true);
    }
    trial.over();
    double lost = course.received;
    do {
      course.step(false);
    } while (!trial.begins(STEP_NANOS));
    assertTrue(course.received >= 4 * lost, course.received + " after " + lost);
    assertTrue(course.received < 5 * lost, course.received + " after " + lost);
  }

  @Test
  void theFirstConnectionHasBeforeItWhatATrialTakes() {
    Course course = new Course(networks().toList().getFirst());
    MeasuredTrial trial = new MeasuredTrial(course::now);
    while (!trial.begins(STEP_NANOS)) {
      course.step(false);
    }
    assertEquals(5e6, (double) trial.lead(), 5e5);
    assertFalse(trial.begins(STEP_NANOS));
  }
}
