package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sealift.testing.DaemonProcess;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.MemoryGroup;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Under load the daemon needs no more memory than it was told to: the kernel ends whoever takes
/// more.
@Tag("root")
class MemoryBoundIT {

  private static final int PULLS = 200;
  private static final int IMAGES = 20;

  /// More than the buffers of a layer hold.
  private static final int LAYER_BYTES = 3 << 20;

  @TempDir Path directory;

  private static byte[] layer(String name) {
    byte[] content = new byte[LAYER_BYTES];
    new Random(name.hashCode()).nextBytes(content);
    return new TarBuilder().file(name, content).build();
  }

  private static void push(InProcessRegistry registry) {
    for (int i = 0; i < IMAGES; i++) {
      registry.push(
          "app" + i,
          "1",
          new ImageBuilder()
              .layer(layer("base"))
              .layer(layer("group" + i % 5), Packing.ZSTD)
              .layer(layer("own" + i), i % 2 == 0 ? Packing.GZIP : Packing.ZSTD)
              .build());
    }
  }

  /// The least that can be asked for.
  @Test
  void twoHundredPullsAtOnce() throws Exception {
    Optional<MemoryGroup> made = MemoryGroup.withBound(256L << 20);
    assumeTrue(made.isPresent(), "no control group with a bound on memory can be made here");
    try (MemoryGroup group = made.orElseThrow();
        InProcessRegistry registry = InProcessRegistry.start()) {
      push(registry);
      TestNode node = new TestNode(directory, registry); // for its files; it is not started
      List<String> options = new ArrayList<>(node.arguments());
      options.add("--memory-limit=256M");
      try (DaemonProcess daemon = DaemonProcess.started("cri", group.prefix(), options);
          CriClient client = CriClient.connect(node.socket)) {
        pull(client);
        assertEquals(IMAGES, TestNode.all(client.call("ListImages", ""), "images").size());
        System.out.printf("%d pulls within 256 MiB: %d KiB in memory%n", PULLS, daemon.peakKib());
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
      }
    }
  }

  private static void pull(CriClient client) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(PULLS)) {
      List<Future<?>> pulls = new ArrayList<>();
      for (int i = 0; i < PULLS; i++) {
        String request = TestNode.image("registry.example/app" + i % IMAGES + ":1");
        pulls.add(threads.submit(() -> client.call("PullImage", request)));
      }
      for (Future<?> pull : pulls) {
        pull.get();
      }
    }
  }
}
