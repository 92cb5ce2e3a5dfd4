package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealift.testing.DaemonProcess;
import io.sealift.testing.MemoryGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Under load, and while others hold as much of it as they can, the daemon needs no more memory
/// than is said of it. Where no control group can be made only {@link GuestIT} looks at that.
@Tag("root")
class MemoryBoundIT {

  private static final int MAX_DATA = 4 << 20;

  @TempDir private Path dir;

  /// As docs/kata.md says; the least that can be asked for.
  @ParameterizedTest
  @CsvSource({"384, '', 10", "256, --memory-limit=256M, 2"})
  void twoHundredPullsBesideHalfFramesOfFourMebibytes(int mebibytes, String option, int held)
      throws Exception {
    Optional<MemoryGroup> made = MemoryGroup.withBound((long) mebibytes << 20);
    assumeTrue(made.isPresent(), "no control group with a bound on memory can be made here");
    try (MemoryGroup group = made.orElseThrow();
        TestGuest guest = new TestGuest(dir)) {
      guest.options.remove("--log-level=error");
      if (!option.isEmpty()) {
        guest.options.add(option);
      }
      Load load = new Load(guest.registry, guest.directory.resolve("containers"));
      load.push();
      try (DaemonProcess daemon = DaemonProcess.started("kata", group.prefix(), guest.options)) {
        List<TestAgent> holding = new ArrayList<>();
        for (int i = 0; i < held; i++) {
          TestAgent half = guest.agent();
          half.raw(TestAgent.header(MAX_DATA, 1, 1, 0));
          half.raw(new byte[MAX_DATA - 1]);
          holding.add(half);
        }
        load.pull(guest.socket);
        load.assertBundles();
        for (TestAgent half : holding) {
          half.close();
        }
        System.out.printf(
            "200 pulls within %d MiB: %d KiB in memory%n", mebibytes, daemon.peakKib());
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
      }
    }
  }
}
