package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.store.Store;
import io.sealift.testing.Fault;
import io.sealift.wire.Code;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.Messages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulls that come to an early end leave nothing behind.
class EndingTest {

  @TempDir private Path dir;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private TestGuest guest;
  private Path bundle;

  @BeforeEach
  void start() throws Exception {
    guest = new TestGuest(dir);
    guest.push("app", "one");
    bundle = guest.bundle("c1");
  }

  @AfterEach
  void end() {
    guest.close();
  }

  /// The layer begins and does not go on.
  private void stallLayer() throws Exception {
    String layer = TestGuest.image("one").layers().getFirst().descriptor().digest().toString();
    guest.registry.plan("blobs/" + layer, Fault.stall(10).meanwhile(asked::countDown));
  }

  private void assertNothingIsLeft() throws Exception {
    guest.server().close();
    assertFalse(Files.exists(bundle));
    assertEquals(List.of(), guest.mounts());
    try (var staged = Files.list(guest.workDir.resolve("staging"))) {
      assertEquals(List.of(), staged.filter(Files::isDirectory).toList());
    }
    try (Store store = Store.open(guest.workDir, new io.sealift.overlay.CopySnapshotter())) {
      assertEquals(List.of(), store.fsck(false).findings());
    }
  }

  @Test
  void aPullWhoseTimeIsOver() throws Exception {
    stallLayer();
    guest.start();
    try (TestAgent agent = guest.agent()) {
      int stream = agent.sendPull(guest.name("app"), bundle, Duration.ofSeconds(1).toNanos());
      assertEquals("4 timeout", agent.answer(stream).toString());
      guest.push("other", "two");
      assertEquals("0", agent.pull(guest.name("other"), guest.bundle("c2")).toString());
      guest.unmount(guest.bundle("c2"));
    }
    assertNothingIsLeft();
  }

  @Test
  void aPullWhoseCallerIsGone() throws Exception {
    stallLayer();
    guest.start();
    try (TestAgent agent = guest.agent()) {
      int _ = agent.sendPull(guest.name("app"), bundle, 0);
      asked.await();
    }
    assertNothingIsLeft();
  }

  @Test
  void aPullOfADaemonThatEnds() throws Exception {
    stallLayer();
    guest.start();
    try (TestAgent agent = guest.agent()) {
      int _ = agent.sendPull(guest.name("app"), bundle, 0);
      asked.await();
      guest.server().close();
      assertTrue(agent.isEnded());
    }
    assertNothingIsLeft();
  }

  @Test
  void aPullThatWaitsForItsTurn() throws Exception {
    stallLayer();
    guest.options.add("--max-pulls=1");
    guest.push("other", "two");
    guest.start();
    try (TestAgent agent = guest.agent()) {
      int _ = agent.sendPull(guest.name("app"), bundle, 0);
      asked.await();
      int waiting = agent.sendPull(guest.name("other"), guest.bundle("c2"), 1_000_000);
      assertEquals("4 timeout", agent.answer(waiting).toString());
    }
    assertNothingIsLeft();
    assertFalse(Files.exists(guest.bundle("c2")));
    assertTrue(
        guest.registry.requests().stream().noneMatch(request -> request.path().contains("other")));
  }

  /// Everything is made by then, and only the answer is missing.
  @Test
  void aPullWhoseCallerGoesWhileItIsMeasured() throws Exception {
    try (TtrpcServer _ = attestationAgent()) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        int _ = agent.sendPull(guest.name("app"), bundle, 0);
        asked.await();
        assertTrue(Files.exists(bundle.resolve("config.json")));
      }
      assertNothingIsLeft();
    }
  }

  @Test
  void aPullWhoseTimeIsOverWhileItIsMeasured() throws Exception {
    try (TtrpcServer _ = attestationAgent()) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        int stream = agent.sendPull(guest.name("app"), bundle, Duration.ofSeconds(2).toNanos());
        assertEquals("4 timeout", agent.answer(stream).toString());
      }
      assertNothingIsLeft();
    }
  }

  /// Says nothing.
  private TtrpcServer attestationAgent() throws Exception {
    return measuring(() -> {
      asked.countDown();
      never.await();
      return Messages.ofNumber(0);
    });
  }

  private TtrpcServer measuring(Answer answer) throws Exception {
    return TtrpcServer.listen(
        guest.agentSocket,
        Services.builder()
            .add(
                AttestationAgent.SERVICE,
                AttestationAgent.EXTEND_RUNTIME_MEASUREMENT,
                _ -> answer.get())
            .build(),
        ServerLimits.DEFAULT);
  }

  private interface Answer {
    byte[] get() throws TtrpcException, InterruptedException;
  }

  @Test
  void aPullThatCannotBeMeasured() throws Exception {
    try (TtrpcServer _ =
        measuring(() -> {
          throw new TtrpcException(Code.INTERNAL, "[ERROR:attestation-agent] no register");
        })) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        String reply = agent.pull(guest.name("app"), bundle).toString();
        assertTrue(
            reply.startsWith("13 [CDH] [ERROR]: measure pull of %s: ".formatted(guest.name("app")))
                && reply.endsWith("[ERROR:attestation-agent] no register"),
            reply);
      }
      assertNothingIsLeft();
    }
  }

  @Test
  void aDirectoryThatTheAgentMadeStays() throws Exception {
    try (TtrpcServer _ = attestationAgent()) {
      guest.start();
      Files.createDirectories(bundle);
      try (TestAgent agent = guest.agent()) {
        int _ = agent.sendPull(guest.name("app"), bundle, 0);
        asked.await();
      }
      guest.server().close();
      try (var entries = Files.list(bundle)) {
        assertEquals(List.of(), entries.toList());
      }
    }
  }
}
