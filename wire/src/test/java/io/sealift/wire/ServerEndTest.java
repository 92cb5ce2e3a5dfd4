package io.sealift.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How servers end, and what becomes of work whose answer reaches nobody.
class ServerEndTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  @TempDir private Path dir;
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> undone = new LinkedBlockingQueue<>();
  private TtrpcServer server;

  @BeforeEach
  void listen() throws IOException {
    server = TtrpcServer.listen(dir.resolve("t.sock"), services(), ServerLimits.DEFAULT);
  }

  private Services services() {
    return Services.builder()
        .add("t.Echo", "Say", Request::payload)
        .add(
            "t.Echo",
            "Wait",
            request -> {
              waiting.countDown();
              released.await();
              return request.payload();
            })
        .addUndoable("t.Work", "Do", request -> done(request.payload()))
        .addUndoable("t.Work", "DoMuch", request -> done(new byte[Frame.MAX_DATA]))
        .addUndoable(
            "t.Work",
            "DoWhateverHappens",
            request -> {
              waiting.countDown();
              try {
                released.await();
              } catch (InterruptedException goesOn) {
                Thread.currentThread().interrupt();
              }
              return done(request.payload());
            })
        .build();
  }

  private Undoable.Done done(byte[] answer) {
    return new Undoable.Done(
        answer, () -> undone.add(Thread.currentThread().isInterrupted() ? "hurried" : "undone"));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private RawPeer peer() throws IOException {
    return RawPeer.connect(server.socket());
  }

  @Test
  void drainingWaitsForTheCallsThatAreBeingAnsweredAndTakesNoOthers() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Wait", "due");
      waiting.await();
      CompletableFuture<Boolean> drained = drain(LONG);

      int stream = 3;
      String answer;
      do {
        peer.request(stream, "t.Echo", "Say", "more");
        answer = peer.answer();
        stream += 2;
      } while (answer.endsWith(" OK more"));
      assertEquals(stream - 2 + " UNAVAILABLE the server is shutting down", answer);
      assertFalse(Files.exists(server.socket()));
      assertThrows(IOException.class, this::peer);
      assertFalse(drained.isDone());

      released.countDown();
      assertEquals("1 OK due", peer.answer());
      assertTrue(drained.join());
    }
  }

  private CompletableFuture<Boolean> drain(Duration patience) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return server.drain(patience);
          } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
          }
        },
        THREADS);
  }

  @Test
  void drainingEndsWhenItsTimeIsOver() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Wait", "x");
      waiting.await();
      assertFalse(server.drain(Duration.ofMillis(1)));
      server.close();
    }
  }

  @Test
  void anotherServerMayTakeThePlaceOfOneThatDrains() throws Exception {
    assertTrue(server.drain(LONG));
    try (TtrpcServer next = TtrpcServer.listen(server.socket(), services(), ServerLimits.DEFAULT)) {
      server.close();
      try (RawPeer peer = RawPeer.connect(next.socket())) {
        peer.request(1, "t.Echo", "Say", "x");
        assertEquals("1 OK x", peer.answer());
      }
    }
  }

  @Test
  void workWhoseAnswerWasWrittenStays() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Work", "Do", "x");
      assertEquals("1 OK x", peer.answer());
    }
    server.close();
    assertEquals(List.of(), List.copyOf(undone));
  }

  @Test
  void workIsUndoneWhenItsCallerIsGone() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Work", "DoWhateverHappens", "x");
      waiting.await();
    }
    assertEquals("undone", undone.take());
  }

  @Test
  void workIsUndoneWhenItsTimeIsOver() throws Exception {
    byte[] hurried =
        new Request("t.Work", "DoWhateverHappens", new byte[1], 50_000_000, List.of()).encode();
    try (RawPeer peer = peer()) {
      peer.frame(1, Frame.REQUEST, 0, hurried);
      assertEquals("1 DEADLINE_EXCEEDED timeout", peer.answer());
      if (waiting.getCount() == 0) {
        assertEquals("undone", undone.take());
      }
    }
  }

  @Test
  void workIsUndoneBeforeTheServerIsClosed() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Work", "DoWhateverHappens", "x");
      waiting.await();
      server.close();
      assertEquals(List.of("undone"), List.copyOf(undone));
    }
  }

  @Test
  void workIsUndoneWhenItsAnswerIsTooLarge() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Work", "DoMuch", "x");
      assertEquals(
          "1 RESOURCE_EXHAUSTED the answer has 4194304 bytes, more than fit a frame",
          peer.answer());
      assertEquals(List.of("undone"), List.copyOf(undone));
    }
  }

  @Test
  void leavesTheSocketOfSomebodyElseForTheNextServer() throws Exception {
    Path path = dir.resolve("inherited.sock");
    try (ServerSocketChannel inherited = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      inherited.bind(UnixDomainSocketAddress.of(path));
      for (String server : List.of("first", "second")) {
        try (TtrpcServer other = TtrpcServer.listen(inherited, services(), ServerLimits.DEFAULT);
            RawPeer peer = RawPeer.connect(path)) {
          assertEquals(path, other.socket());
          peer.request(1, "t.Echo", "Say", server);
          assertEquals("1 OK " + server, peer.answer());
        }
        assertTrue(inherited.isOpen());
        assertTrue(Files.exists(path));
      }
    }
  }

  @Test
  void closesTheSocketOfSomebodyElseThatNobodyCanReach() throws Exception {
    Path path = dir.resolve("inherited.sock");
    try (ServerSocketChannel inherited = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      inherited.bind(UnixDomainSocketAddress.of(path));
      try (TtrpcServer _ = TtrpcServer.listen(inherited, services(), ServerLimits.DEFAULT)) {
        Files.delete(path);
      }
      assertFalse(inherited.isOpen());
    }
  }

  @Test
  void listensOnNoOtherSocket() throws Exception {
    try (ServerSocketChannel overTcp = ServerSocketChannel.open()) {
      IOException refused =
          assertThrows(
              IOException.class,
              () -> TtrpcServer.listen(overTcp, services(), ServerLimits.DEFAULT));
      assertEquals(
          "listen on an inherited socket: expected a Unix socket with a path, found null",
          refused.getMessage());
    }
  }
}
