package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealift.testing.DaemonProcess;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.MemoryGroup;
import io.sealift.testing.Packing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Under load the daemon needs no more memory than it was told to: the kernel ends whoever takes
/// more.
@Tag("root")
class MemoryBoundIT {

  private static final int PULLS = 200;

  /// More than the buffers of a layer hold.
  private static final int LAYER_BYTES = 3 << 20;

  @TempDir Path directory;

  private final Load load = new Load(LAYER_BYTES, List.of(Packing.GZIP, Packing.ZSTD));

  /// The least that can be asked for.
  @Test
  void twoHundredPullsAtOnce() throws Exception {
    Optional<MemoryGroup> made = MemoryGroup.withBound(256L << 20);
    assumeTrue(made.isPresent(), "no control group with a bound on memory can be made here");
    try (MemoryGroup group = made.orElseThrow();
        InProcessRegistry registry = InProcessRegistry.start()) {
      List<String> ids = load.push(registry);
      TestNode node = new TestNode(directory, registry); // for its files; it is not started
      List<String> options = new ArrayList<>(node.arguments());
      options.add("--memory-limit=256M");
      try (DaemonProcess daemon = DaemonProcess.started("cri", group.prefix(), options);
          CriClient client = CriClient.connect(node.socket)) {
        assertEquals(Load.expected(ids, PULLS), Load.pull(client, PULLS));
        assertEquals(Load.IMAGES, TestNode.all(client.call("ListImages", ""), "images").size());
        System.out.printf("%d pulls within 256 MiB: %d KiB in memory%n", PULLS, daemon.peakKib());
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
      }
    }
  }
}
