package io.sealift.service.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {

  private enum Colour {
    RED,
    DARK_BLUE
  }

  private final Metrics metrics = new Metrics();

  @Test
  void aCounterHasALineForEverythingThatItsLabelsMaySay() {
    Counter counter =
        metrics.counter(
            "seen_total",
            "What was seen.",
            Label.of("colour", Colour.class),
            Label.of("n", "1", "2"));
    counter.increment("dark_blue", "1");
    counter.add(4, "dark_blue", "1");
    counter.add(1L << 40, "red", "2");
    assertEquals(
        """
        # HELP seen_total What was seen.
        # TYPE seen_total counter
        seen_total{colour="red",n="1"} 0
        seen_total{colour="red",n="2"} 1099511627776
        seen_total{colour="dark_blue",n="1"} 5
        seen_total{colour="dark_blue",n="2"} 0
        """,
        metrics.page());
    assertEquals(5, counter.value("dark_blue", "1"));
  }

  @Test
  void secondsAreCountedInNanoseconds() {
    Counter counter = metrics.seconds("worked_seconds_total", "Work.");
    counter.add(Duration.ofNanos(1));
    counter.add(Duration.ofMillis(1500));
    assertEquals(
        """
        # HELP worked_seconds_total Work.
        # TYPE worked_seconds_total counter
        worked_seconds_total 1.500000001
        """,
        metrics.page());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "0.25, 0.25",
    "1e-9, 0.0000000010",
    "1e20, 100000000000000000000",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf",
    "-3, -3"
  })
  void aGaugeIsReadWithThePage(double reading, String text) {
    AtomicReference<Double> now = new AtomicReference<>(reading);
    metrics.gauge("heat", "How warm it is.", now::get);
    assertEquals(
        "# HELP heat How warm it is.\n# TYPE heat gauge\nheat " + text + "\n", metrics.page());
    now.set(5.0);
    assertEquals("# HELP heat How warm it is.\n# TYPE heat gauge\nheat 5\n", metrics.page());
  }

  @Test
  void bucketsOfAHistogramCountWhatTookAtMostSoLong() {
    Histogram histogram = metrics.histogram("took_seconds", "Time.");
    for (long millis : List.of(0L, 50L, 51L, 600_000L, 600_001L)) {
      histogram.record(Duration.ofMillis(millis));
    }
    assertEquals(
        """
        # HELP took_seconds Time.
        # TYPE took_seconds histogram
        took_seconds_bucket{le="0.05"} 2
        took_seconds_bucket{le="0.1"} 3
        took_seconds_bucket{le="0.25"} 3
        took_seconds_bucket{le="0.5"} 3
        took_seconds_bucket{le="1"} 3
        took_seconds_bucket{le="2.5"} 3
        took_seconds_bucket{le="5"} 3
        took_seconds_bucket{le="10"} 3
        took_seconds_bucket{le="30"} 3
        took_seconds_bucket{le="60"} 3
        took_seconds_bucket{le="120"} 3
        took_seconds_bucket{le="300"} 3
        took_seconds_bucket{le="600"} 4
        took_seconds_bucket{le="+Inf"} 5
        took_seconds_sum 1200.102
        took_seconds_count 5
        """,
        metrics.page());
  }

  @Test
  void textIsEscaped() {
    metrics.counter("x_total", "a\\b\nc", Label.of("l", "q\"\\\n"));
    assertEquals(
        "# HELP x_total a\\\\b\\nc\n# TYPE x_total counter\nx_total{l=\"q\\\"\\\\\\n\"} 0\n",
        metrics.page());
  }

  @Test
  void metricsStandInTheOrderTheyWereMadeIn() {
    metrics.counter("b_total", "B.");
    metrics.counter("a_total", "A.");
    assertEquals(
        List.of("b_total 0", "a_total 0"),
        metrics.page().lines().filter(line -> !line.startsWith("#")).toList());
  }

  @Test
  void nothingOutsideOfALabelsValuesIsCounted() {
    Counter counter = metrics.counter("x_total", "X.", Label.of("colour", Colour.class));
    List<Executable> mistakes =
        List.of(
            () -> counter.increment("green"),
            () -> counter.increment(),
            () -> counter.increment("red", "red"),
            () -> counter.add(-1, "red"),
            () -> counter.add(Duration.ZERO.plusNanos(-1), "red"),
            () -> metrics.counter("x_total", "Again."),
            () -> metrics.counter("X", "No name."),
            () -> Label.of("le", "1"),
            () -> Label.of("a b", "1"),
            () -> Label.of("a"),
            () -> Label.of("a", "1", "1"));
    for (Executable mistake : mistakes) {
      assertThrows(RuntimeException.class, mistake);
    }
    assertEquals(0, counter.value("red"));
  }

  @Test
  void combinationsAreBounded() {
    List<String> values =
        java.util.stream.IntStream.range(0, 23).mapToObj(Integer::toString).toList();
    assertThrows(
        IllegalArgumentException.class,
        () -> metrics.counter("x_total", "X.", new Label("a", values), new Label("b", values)));
  }
}
