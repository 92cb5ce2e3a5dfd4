package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.sealift.testing.DaemonProcess;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.telemetry.InProcessCollector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The daemon as it was packaged, as a process of its own that the launcher starts.
class DaemonIT {

  private static final String APP = "registry.example/app:1";

  @TempDir Path directory;
  private InProcessRegistry registry;
  private TestNode node;

  @BeforeEach
  void prepare() throws Exception {
    registry = InProcessRegistry.start();
    registry.push(
        "app",
        "1",
        new ImageBuilder().layer(new TarBuilder().file("f", "content").build()).build());
    node = new TestNode(directory, registry); // for its files; it is not started
  }

  @AfterEach
  void end() {
    registry.close();
  }

  @Test
  void servesReadsItsSettingsAgainAndEnds() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", node.arguments())) {
      try (CriClient client = CriClient.connect(node.socket)) {
        client.call("PullImage", TestNode.image(APP));
        assertFalse(pinned(client));
        node.file("config.json", "{\"sealift\": {\"pinned_images\": [\"registry.example/*\"]}}");
        daemon.signal("HUP");
        daemon.await("configuration was read again");
        assertTrue(pinned(client));
        node.file("config.json", "{\"nonsense\": 1}");
        daemon.signal("HUP");
        String stays = daemon.await("configuration stays as it was");
        assertTrue(stays.contains("nonsense"), stays);
        assertTrue(pinned(client));
      }
      daemon.signal("TERM");
      assertEquals(0, daemon.await());
    }
    assertFalse(Files.exists(node.socket));
  }

  private static boolean pinned(CriClient client) {
    return TestNode.truth(
        TestNode.inside(client.call("ImageStatus", TestNode.image(APP)), "image"), "pinned");
  }

  @Test
  void aRegistryThatDoesNotProveWhoItIsIsToldOfOnce() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", node.arguments());
        CriClient client = CriClient.connect(node.socket)) {
      client.call("PullImage", TestNode.image(APP));
      client.call("PullImage", TestNode.image(APP));
      daemon.signal("TERM");
      assertEquals(0, daemon.await());
      List<String> lines = daemon.lines();
      List<String> warnings = lines.stream().filter(line -> line.contains("level=warn")).toList();
      assertEquals(1, warnings.size(), lines.toString());
      assertTrue(
          warnings
              .getFirst()
              .endsWith(
                  "message=\"%s may be anybody, as its settings allow (insecure, skip_verify): it does not speak TLS\""
                      .formatted(registry.address())),
          warnings.toString());
    }
  }

  @Test
  void aSecondOneDoesNotTakeTheSocketOfAFirst() throws Exception {
    try (DaemonProcess _ = DaemonProcess.started("cri", node.arguments());
        DaemonProcess second = DaemonProcess.start("cri", List.of(), node.arguments())) {
      second.await("another process answers there");
      assertEquals(1, second.await());
      try (CriClient client = CriClient.connect(node.socket)) {
        client.call("Version", "");
      }
    }
  }

  @Test
  void oneThatDiedLeavesNothingInTheWay() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.started("cri", node.arguments())) {
      daemon.kill();
      daemon.await();
    }
    assertTrue(Files.exists(node.socket));
    try (DaemonProcess _ = DaemonProcess.started("cri", node.arguments());
        CriClient client = CriClient.connect(node.socket)) {
      client.call("PullImage", TestNode.image(APP));
    }
  }

  /// A pull that goes on is waited for while the socket is a successor's already; a second signal
  /// breaks it off.
  @Test
  void pullsThatGoOnAreWaitedForAndBrokenOffByASecondSignal() throws Exception {
    registry.plan("/blobs/", Fault.stall(10));
    try (DaemonProcess daemon = DaemonProcess.started("cri", node.arguments());
        CriClient client = CriClient.connect(node.socket)) {
      CompletableFuture<Status> ended = begin(client);
      daemon.await("pull is wanted");
      daemon.signal("TERM");
      daemon.await("no further calls are taken");
      try (DaemonProcess successor = DaemonProcess.started("cri", node.arguments())) {
        assertFalse(ended.isDone());
        successor.signal("TERM");
        assertEquals(0, successor.await());
      }
      daemon.signal("TERM");
      Status status = ended.get();
      assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status.toString());
      assertEquals(1, daemon.await());
    }
    try (var left = Files.list(node.workDir.resolve("staging"))) {
      assertEquals(0, left.count());
    }
  }

  private static CompletableFuture<Status> begin(CriClient client) {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = client.begin("PullImage", CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(CriClient.request("PullImage", TestNode.image(APP)));
    call.halfClose();
    return ended;
  }

  /// Makes a socket, hands it over as descriptor `AT`, and becomes the program.
  private static final String MANAGER =
      """
      import os, socket, sys
      made = socket.socket(socket.AF_UNIX)
      made.bind(sys.argv[1])
      made.listen(5)
      at = int(sys.argv[2])
      os.dup2(made.fileno(), at)
      os.set_inheritable(at, True)
      if at == 3:
          os.environ['LISTEN_FDS'] = '1'
          os.environ['LISTEN_PID'] = str(os.getpid())
      os.execvp(sys.argv[3], sys.argv[3:])
      """;

  /// As systemd hands sockets over with `StandardInput=socket`, and as sd_listen_fds(3) has it.
  @Tag("peers")
  @ParameterizedTest
  @CsvSource({"0", "3"})
  void aSocketThatSomebodyElseMadeIsTakenAndLeft(String descriptor) throws Exception {
    Path made = directory.resolve("made.sock");
    String manager = node.file("manager.py", MANAGER);
    try (DaemonProcess daemon =
        DaemonProcess.started(
            "cri", List.of("python3", manager, made.toString(), descriptor), node.arguments())) {
      try (CriClient client = CriClient.connect(made)) {
        client.call("PullImage", TestNode.image(APP));
      }
      assertFalse(Files.exists(node.socket));
      daemon.signal("TERM");
      assertEquals(0, daemon.await());
    }
    assertTrue(Files.exists(made));
  }

  /// What waits to be sent is sent before the end.
  @Test
  void tracesOfPullsReachTheirCollector() throws Exception {
    try (InProcessCollector collector = new InProcessCollector()) {
      List<String> variables =
          List.of(
              "env",
              "OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url(),
              "OTEL_BSP_SCHEDULE_DELAY=600000");
      try (DaemonProcess daemon = DaemonProcess.started("cri", variables, node.arguments())) {
        try (CriClient client = CriClient.connect(node.socket)) {
          client.call("PullImage", TestNode.image(APP));
        }
        assertEquals(List.of(), collector.spans());
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
        for (String line : daemon.lines()) {
          assertTrue(line.startsWith("time="), line);
        }
      }
      assertEquals(List.of(), collector.refused());
      assertTrue(
          collector.spans().stream()
              .anyMatch(span ->
                  span.name().equals("pull") && APP.equals(span.attributes().get("sealift.image"))),
          collector.spans().toString());
    }
  }

  @Test
  void helpIsThatOfTheDaemon() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start("cri", List.of(), List.of("--help"))) {
      daemon.await("Usage: sealift serve cri");
      assertEquals(0, daemon.await());
    }
  }

  @Test
  void whatIsWrongEndsItWithItsStatus() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start("cri", List.of(), List.of("--nonsense"))) {
      daemon.await("see 'sealift serve cri --help'");
      assertEquals(2, daemon.await());
    }
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (DaemonProcess _ = DaemonProcess.started("cri", List.of("--nonsense"))) {
            throw new AssertionError("started");
          }
        });
  }
}
