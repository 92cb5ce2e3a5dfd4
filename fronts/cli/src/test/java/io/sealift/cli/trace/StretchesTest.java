package io.sealift.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.trace.Stretches.Stretch;
import java.util.List;
import org.junit.jupiter.api.Test;

class StretchesTest {

  private static final long MILLI = 1_000_000;

  private final Stretches stretches = new Stretches();

  @Test
  void momentsCloseTogetherAreOneThatRemembersTheWork() {
    stretches.add(0, 100);
    stretches.add(1000, 1500);
    stretches.add(MILLI, MILLI + 10);
    assertEquals(
        List.of(new Stretch(0, 1500, 600), new Stretch(MILLI, MILLI + 10, 10)), stretches.all());
  }

  @Test
  void theyStayFewAndLoseNoWork() {
    long work = 0;
    for (long at = 0; at < 100_000; at++) {
      stretches.add(at * MILLI, at * MILLI + at);
      work += at;
    }
    List<Stretch> all = stretches.all();
    assertTrue(all.size() > 64 && all.size() <= 256, "stretches: " + all.size());
    assertEquals(work, all.stream().mapToLong(Stretch::worked).sum());
    assertEquals(0, all.getFirst().began());
    assertEquals(99_999 * MILLI + 99_999, all.getLast().ended());
    for (int i = 1; i < all.size(); i++) {
      assertTrue(all.get(i).began() > all.get(i - 1).ended());
    }
  }
}
