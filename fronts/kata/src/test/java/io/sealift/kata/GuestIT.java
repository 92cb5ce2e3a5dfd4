package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import io.sealift.testing.DaemonProcess;
import io.sealift.testing.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The daemon as a process.
class GuestIT {

  /// KiB that its process may have had in memory at most: heap, buffers, code, threads.
  private static final long MAX_MEMORY_KIB = 400 * 1024;

  /// `-Dsealift.kills=200` for more.
  private static final int KILLS = Integer.getInteger("sealift.kills", 6);

  @TempDir private Path dir;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private TestGuest guest;

  @BeforeEach
  void make() throws Exception {
    guest = new TestGuest(dir);
    guest.options.remove("--log-level=error");
  }

  @AfterEach
  void end() {
    released.countDown();
    guest.close();
  }

  /// The layer of `app` comes when it is released.
  private void holdLayer() throws Exception {
    String layer = TestGuest.image("one").layers().getFirst().descriptor().digest().toString();
    guest.registry.plan(
        "blobs/" + layer,
        Fault.header("X-Held", "1")
            .meanwhile(() -> {
              asked.countDown();
              try {
                released.await();
              } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
              }
            }));
    guest.push("app", "one");
  }

  @Test
  void twoHundredPullsOfTwentyImagesStayWithinTheBoundAndLeaveNothing() throws Exception {
    Load load = new Load(guest.registry, guest.directory.resolve("containers"));
    load.push();
    try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options)) {
      guest.push("warm", "up");
      pull("warm", "warm");
      guest.unmount(guest.bundle("warm"));
      int descriptors = daemon.descriptors().size();

      load.pull(guest.socket);
      load.assertBundles();
      long most = daemon.peakKib();
      System.out.printf("200 pulls: at most %d KiB in memory%n", most);
      assertTrue(most <= MAX_MEMORY_KIB, most + " KiB");

      load.unmount(guest.workDir);
      try (Store store = Store.open(guest.workDir, new AutoSnapshotter())) {
        for (ImageRecord image : store.images()) {
          store.remove(image, true);
        }
        assertEquals(List.of(), store.fsck(false).findings());
        assertEquals(List.of(), store.mounts());
      }
      try (var layers = Files.list(guest.workDir.resolve("layers/sha256"))) {
        assertEquals(List.of(), layers.toList());
      }
      assertEquals(List.of(), mountsBelow(guest.directory));
      assertEquals(
          List.of(),
          daemon.descriptors().stream()
              .filter(target -> target.startsWith(guest.workDir.toString()))
              .toList());
      assertTrue(daemon.descriptors().size() <= descriptors, daemon.descriptors().toString());
      assertEquals(
          List.of(), daemon.threads().stream().filter(name -> name.startsWith("layer")).toList());
    }
  }

  private static List<String> mountsBelow(Path directory) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .map(line -> line.split(" ", -1)[4])
        .filter(place -> place.startsWith(directory + "/"))
        .toList();
  }

  private String pull(String repository, String container) throws IOException {
    try (TestAgent agent = guest.agent()) {
      return agent.pull(guest.name(repository), guest.bundle(container)).toString();
    }
  }

  @Test
  void aRegistryThatDoesNotProveWhoItIsIsToldOfOnce() throws Exception {
    guest.push("app", "one");
    guest.push("other", "two");
    try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options)) {
      assertEquals("0", pull("app", "c1"));
      assertEquals("0", pull("other", "c2"));
      daemon.signal("TERM");
      assertEquals(0, daemon.await());
      List<String> lines = daemon.lines();
      List<String> warnings = lines.stream().filter(line -> line.contains("anybody")).toList();
      assertEquals(1, warnings.size(), lines.toString());
      assertTrue(
          warnings.getFirst().contains("level=warn")
              && warnings
                  .getFirst()
                  .endsWith(
                      "message=\"%s may be anybody, as its settings allow (insecure, skip_verify): it does not speak TLS\""
                          .formatted(guest.registry.address())),
          warnings.toString());
    }
  }

  @Test
  void drainsOnSigterm() throws Exception {
    holdLayer();
    try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options);
        TestAgent agent = guest.agent()) {
      int due = agent.sendPull(guest.name("app"), guest.bundle("c1"), 0);
      asked.await();
      daemon.signal("TERM");
      String _ = daemon.await("event=ending");
      while (Files.exists(guest.socket)) {
        Thread.onSpinWait();
      }
      assertThrows(IOException.class, guest::agent);
      int late = agent.sendPull(guest.name("app"), guest.bundle("c2"), 0);
      assertEquals(14, agent.answer(late).code());
      released.countDown();
      assertEquals("0", agent.answer(due).toString());
      assertEquals(0, daemon.await());
      assertTrue(agent.isEnded());
      assertEquals(1, guest.mounts().size());
    }
  }

  @Test
  void breaksOffOnAnotherSigterm() throws Exception {
    holdLayer();
    try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options);
        TestAgent agent = guest.agent()) {
      int _ = agent.sendPull(guest.name("app"), guest.bundle("c1"), 0);
      asked.await();
      daemon.signal("TERM");
      String _ = daemon.await("event=ending");
      daemon.signal("TERM");
      assertEquals(1, daemon.await());
      assertFalse(Files.exists(guest.bundle("c1")));
      assertEquals(List.of(), guest.mounts());
    }
  }

  @Test
  void readsItsSettingsAgainOnSighup() throws Exception {
    guest.push("app", "one");
    try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options)) {
      assertEquals("0", pull("app", "c1"));

      guest.policy("{\"default\":[{\"type\":\"reject\"}]}");
      assertEquals("0", pull("app", "c2"));
      daemon.signal("HUP");
      String _ = daemon.await("configuration was read again");
      assertTrue(pull("app", "c3").startsWith("13 [CDH] [ERROR]: admit "));

      Files.writeString(guest.config, "[imag]\n");
      daemon.signal("HUP");
      String kept = daemon.await("configuration stays as it was");
      assertTrue(kept.contains("imag: there is no such setting"), kept);
      assertTrue(pull("app", "c4").startsWith("13 [CDH] [ERROR]: admit "));

      guest.policy(TestGuest.ACCEPT);
      daemon.signal("HUP");
      String _ = daemon.await("configuration was read again");
      assertEquals("0", pull("app", "c5"));
      daemon.signal("TERM");
      assertEquals(0, daemon.await());
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --sockt=/a, 2, "sealift: read options: '--sockt' is no option; did you mean socket?; see --help"
          --config=/no/such/file, 2, "sealift: read configuration /no/such/file: "
          --metrics=nowhere, 2, "sealift: read --metrics nowhere: expected ADDRESS:PORT"
          --socket=/proc/self/cdh.sock, 1, "sealift: "
          --help, 0, "Usage: sealift serve kata [OPTION]..."
          --version, 0, "sealift-kata "
          """)
  void endsWithAWord(String option, int status, String beginning) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start("kata", List.of(), List.of(option))) {
      assertEquals(status, daemon.await());
      String first = daemon.lines().getFirst();
      assertTrue(first.startsWith(beginning), first);
    }
  }

  /// SIGKILL at the moments when the registry gets its nth request. After each one begins again,
  /// the store is sound, nothing half made is left, and the same pulls succeed.
  @Test
  void survivesBeingKilled() throws Exception {
    Load load = new Load(guest.registry, guest.directory.resolve("containers"));
    load.push();
    Random random = new Random(7);
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger fatal = new AtomicInteger();
    CountDownLatch[] reached = {new CountDownLatch(1)};
    guest.registry.plan(
        "/v2/",
        Fault.header("X-Counted", "1")
            .meanwhile(() -> {
              if (requests.incrementAndGet() == fatal.get()) {
                reached[0].countDown();
              }
            }));
    for (int kill = 0; kill < KILLS; kill++) {
      reached[0] = new CountDownLatch(1);
      requests.set(0);
      fatal.set(random.nextInt(1, 400));
      try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options)) {
        Thread pulling = Thread.ofVirtual().start(() -> pullUntilKilled(load));
        reached[0].await();
        daemon.kill();
        pulling.join();
      }
      try (DaemonProcess daemon = DaemonProcess.started("kata", guest.options)) {
        assertEquals(List.of(), guest.mounts().stream().filter(mount -> !mount.kept()).toList());
        try (Store store = Store.open(guest.workDir, new AutoSnapshotter())) {
          assertEquals(List.of(), store.fsck(false).findings());
        }
        try (TestAgent agent = guest.agent()) {
          int pull = random.nextInt(Load.PULLS);
          assertEquals("0", agent.pull(load.name(pull), load.bundle(pull)).toString());
        }
        daemon.kill();
      }
      guest.unmountAll();
      assertEquals(List.of(), mountsBelow(guest.directory));
    }
    try (DaemonProcess _ = DaemonProcess.started("kata", guest.options)) {
      load.pull(guest.socket);
      load.assertBundles();
      load.unmount(guest.workDir);
    }
    assertEquals(List.of(), mountsBelow(guest.directory));
  }

  private void pullUntilKilled(Load load) {
    try {
      load.pull(guest.socket);
    } catch (IOException killed) {
      // as it has to be
    }
  }
}
