package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Under load, and while others hold as much of it as they can, the daemon needs no more memory
/// than is said of it. Where no control group can be made only {@link GuestIT} looks at that.
@Tag("root")
class MemoryBoundIT {

  /// As docs/kata.md says.
  private static final long BOUND = 384L << 20;

  private static final int MAX_DATA = 4 << 20;
  private static final int HELD = 10;

  @TempDir private Path dir;

  @Test
  void twoHundredPullsBesideHalfFramesOfFourMebibytes() throws Exception {
    Optional<MemoryGroup> made = MemoryGroup.withBound(BOUND);
    assumeTrue(made.isPresent(), "no control group with a bound on memory can be made here");
    try (MemoryGroup group = made.orElseThrow();
        TestGuest guest = new TestGuest(dir)) {
      guest.options.remove("--log-level=error");
      Load load = new Load(guest.registry, guest.directory.resolve("containers"));
      load.push();
      try (DaemonProcess daemon = DaemonProcess.start(group.prefix(), guest.options)) {
        String _ = daemon.await("event=ready");
        List<TestAgent> holding = new ArrayList<>();
        for (int i = 0; i < HELD; i++) {
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
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
      }
    }
  }
}
