package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.Store;
import io.sealift.testing.DaemonProcess;
import io.sealift.testing.InProcessRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The daemon is killed at any moment while it pulls many images, and started again.
class KillsIT {

  /// `-Dsealift.kills=200` for more.
  private static final int KILLS = Integer.getInteger("sealift.kills", 6);

  private static final int PULLS = 40;

  /// Every so many rounds the store begins anew, or else all layers would soon be there.
  private static final int ROUNDS_OF_A_STORE = 3;

  @TempDir Path directory;

  private final Load load = Load.ofGzip(300_000);
  private List<String> ids = List.of();

  @Test
  void theStoreIsSoundAfterEachAndLaterPullsSucceed() throws Exception {
    Random random = new Random(7);
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      ids = load.push(registry);
      int steps = linesOfAWholeLoad(registry);
      TestNode node = null;
      for (int round = 0; round < KILLS; round++) {
        if (node == null || round % ROUNDS_OF_A_STORE == 0) {
          node = node(registry, "round" + round);
        }
        killed(node, random.nextInt(steps));
        sound(node, "killed in round " + round);
      }
    }
  }

  private TestNode node(InProcessRegistry registry, String name) throws Exception {
    return new TestNode(Files.createDirectory(directory.resolve(name)), registry);
  }

  private static List<String> arguments(TestNode node) {
    List<String> arguments = new ArrayList<>(node.arguments());
    arguments.add("--log-level=debug");
    return arguments;
  }

  /// What the daemon logs in that time tells how far it is.
  private int linesOfAWholeLoad(InProcessRegistry registry) throws Exception {
    TestNode node = node(registry, "whole");
    try (DaemonProcess daemon = DaemonProcess.started("cri", arguments(node))) {
      assertEquals(Load.expected(ids, PULLS), pull(node));
      daemon.signal("TERM");
      return daemon.lines().size();
    }
  }

  private static void killed(TestNode node, int after) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", arguments(node))) {
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  daemon.awaitLines(after);
                  daemon.kill();
                } catch (InterruptedException nobodyDoes) {
                  Thread.currentThread().interrupt();
                }
              });
      List<String> _ = pull(node);
      daemon.kill();
      killer.join();
    }
  }

  /// The daemon that follows has removed what was half made, and does all that is asked.
  private void sound(TestNode node, String when) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", arguments(node))) {
      try (var staged = Files.list(node.workDir.resolve("staging"))) {
        assertEquals(List.of(), staged.toList(), when);
      }
      assertEquals(Load.expected(ids, PULLS), pull(node), when);
      try (Store store = Store.open(node.workDir, new AutoSnapshotter())) {
        assertEquals(Load.IMAGES, store.images().size(), when);
        assertEquals(List.of(), store.fsck(false).findings(), when);
        assertEquals(List.of(), store.mounts(), when);
      }
      daemon.kill();
    }
  }

  private static List<String> pull(TestNode node) throws Exception {
    try (CriClient client = CriClient.connect(node.socket)) {
      return Load.pull(client, PULLS);
    }
  }
}
