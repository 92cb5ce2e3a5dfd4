package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.StatusRuntimeException;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.Store;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DaemonProcess;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The daemon is killed at any moment while it pulls many images, and started again.
class KillsIT {

  /// `-Dsealift.kills=200` for more.
  private static final int KILLS = Integer.getInteger("sealift.kills", 6);

  private static final int PULLS = 40;
  private static final int IMAGES = 20;

  /// Every so many rounds the store begins anew, or else all layers would soon be there.
  private static final int ROUNDS_OF_A_STORE = 3;

  @TempDir Path directory;

  private static byte[] layer(String name) {
    byte[] content = new byte[300_000];
    new Random(name.hashCode()).nextBytes(content);
    return new TarBuilder().file(name, content).symlink("link", name).build();
  }

  private static BuiltImage image(int number) {
    return new ImageBuilder()
        .layer(layer("base"))
        .layer(layer("group" + number % 5))
        .layer(layer("own" + number))
        .build();
  }

  @Test
  void theStoreIsSoundAfterEachAndLaterPullsSucceed() throws Exception {
    Random random = new Random(7);
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      for (int i = 0; i < IMAGES; i++) {
        registry.push("app" + i, "1", image(i));
      }
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
      assertEquals(Collections.nCopies(PULLS, ""), load(node));
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
      List<String> _ = load(node);
      daemon.kill();
      killer.join();
    }
  }

  /// The daemon that follows has removed what was half made, and does all that is asked.
  private static void sound(TestNode node, String when) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", arguments(node))) {
      try (var staged = Files.list(node.workDir.resolve("staging"))) {
        assertEquals(List.of(), staged.toList(), when);
      }
      assertEquals(Collections.nCopies(PULLS, ""), load(node), when);
      try (Store store = Store.open(node.workDir, new AutoSnapshotter())) {
        assertEquals(IMAGES, store.images().size(), when);
        assertEquals(List.of(), store.fsck(false).findings(), when);
        assertEquals(List.of(), store.mounts(), when);
      }
      daemon.kill();
    }
  }

  /// All pulls at once.
  ///
  /// @return why each failed; nothing for those that did not
  private static List<String> load(TestNode node) throws Exception {
    try (CriClient client = CriClient.connect(node.socket);
        ExecutorService threads = Executors.newFixedThreadPool(PULLS)) {
      List<Future<String>> pulls = new ArrayList<>();
      for (int i = 0; i < PULLS; i++) {
        String request = TestNode.image("registry.example/app" + i % IMAGES + ":1");
        pulls.add(threads.submit(() -> outcome(client, request)));
      }
      List<String> outcomes = new ArrayList<>();
      for (Future<String> pull : pulls) {
        outcomes.add(pull.get());
      }
      return outcomes;
    }
  }

  private static String outcome(CriClient client, String request) {
    try {
      String _ = TestNode.text(client.call("PullImage", request), "image_ref");
      return "";
    } catch (StatusRuntimeException failed) {
      return String.valueOf(failed.getMessage());
    }
  }
}
