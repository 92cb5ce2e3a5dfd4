package io.sealift.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TtrpcClientTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path dir;

  /// What a server does with the one connection that it gets.
  private interface Script {
    void run(RawPeer peer) throws IOException, ProtoException, InterruptedException;
  }

  private interface Use {
    void run(TtrpcClient client) throws Exception;
  }

  private void against(Script script, Use use) throws Exception {
    Path socket = dir.resolve("s");
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      Future<?> served =
          threads.submit(() -> {
            try (RawPeer peer = new RawPeer(listening.accept())) {
              script.run(peer);
            }
            return null;
          });
      try (TtrpcClient client = TtrpcClient.connect(socket, LONG)) {
        use.run(client);
      }
      served.get();
    }
  }

  private static String call(TtrpcClient client, String payload) throws Exception {
    return new String(client.call("t.Echo", "Say", payload.getBytes(UTF_8), LONG), UTF_8);
  }

  private static TtrpcException failure(TtrpcClient client) {
    return assertThrows(TtrpcException.class, () -> call(client, "x"));
  }

  @Test
  void manyCallsAtOnceGetTheirOwnAnswers() throws Exception {
    Services services = Services.builder().add("t.Echo", "Say", Request::payload).build();
    try (TtrpcServer server =
            TtrpcServer.listen(
                dir.resolve("s"), services, new ServerLimits(1, 500, 1 << 20, LONG));
        TtrpcClient client = TtrpcClient.connect(server.socket(), LONG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        String text = "call " + i;
        answers.add(threads.submit(() -> call(client, text)));
      }
      for (int i = 0; i < 500; i++) {
        assertEquals("call " + i, answers.get(i).get());
      }
    }
  }

  @Test
  void carriesPayloadsOfManyBuffers() throws Exception {
    Services services = Services.builder().add("t.Echo", "Say", Request::payload).build();
    try (TtrpcServer server = TtrpcServer.listen(dir.resolve("s"), services, ServerLimits.DEFAULT);
        TtrpcClient client = TtrpcClient.connect(server.socket(), LONG)) {
      for (int bytes : new int[] {0, 1, 65_000, 65_526, 65_536, 200_000, 4_190_000}) {
        String payload = "é".repeat(bytes / 2);
        assertEquals(payload, call(client, payload));
      }
      assertEquals(
          Code.RESOURCE_EXHAUSTED,
          assertThrows(TtrpcException.class, () -> call(client, "x".repeat(Frame.MAX_DATA)))
              .code());
      assertTrue(client.isOpen());
    }
  }

  @Test
  void saysWhatTheServerSaid() throws Exception {
    against(
        peer -> {
          peer.next();
          peer.frame(
              1,
              Frame.RESPONSE,
              0,
              Response.failed(Code.INTERNAL, "no\n" + "é".repeat(2000)).encode());
          assertEquals("end", peer.answer());
        },
        client -> {
          TtrpcException failed = failure(client);
          assertEquals(Code.INTERNAL, failed.code());
          String prefix = "call t.Echo/Say at %s: no ".formatted(dir.resolve("s"));
          assertEquals(
              prefix + "é".repeat(TtrpcException.MAX_MESSAGE_LENGTH - prefix.length()) + "…",
              failed.getMessage());
          assertTrue(client.isOpen());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "0, , 'the server closed the connection'",
    "1, 00, 'the connection ended within a frame'",
    "2, 0000000000000001 03 00, 'the server sent a frame of type 3, expected 2'",
    "3, 0000000000000003 02 00, 'the server answered stream 3, which was not used'",
    "4, 0000000000000002 02 00, 'the server answered stream 2, which was not used'",
    "5, 0000000100000001 02 00 ff, 'read response: not a protobuf message'",
    "6, 0100000000000001 02 00, 'a frame of 16777216 bytes, more than the 4194304 allowed'",
  })
  void givesUpAServerThatBreaksTheProtocol(int nr, String hex, String reason) throws Exception {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex == null ? "" : hex.replace(" ", ""));
    against(
        peer -> {
          peer.next();
          peer.send(bytes);
        },
        client -> {
          TtrpcException failed = failure(client);
          assertEquals(Code.UNAVAILABLE, failed.code());
          String expected = "call t.Echo/Say at %s: %s".formatted(dir.resolve("s"), reason);
          assertEquals(expected, failed.getMessage(), "case " + nr);
          assertFalse(client.isOpen());
          assertEquals(expected, failure(client).getMessage());
        });
  }

  @Test
  void refusesAnAnswerThatIsTooLargeAndGoesOn() throws Exception {
    int length = Frame.MAX_DATA + 1;
    against(
        peer -> {
          peer.next();
          peer.send(RawPeer.header(length, 1, Frame.RESPONSE, 0)).send(new byte[length]);
          peer.next();
          peer.frame(3, Frame.RESPONSE, 0, Response.of(new byte[] {'y'}).encode());
        },
        client -> {
          assertEquals(Code.RESOURCE_EXHAUSTED, failure(client).code());
          assertEquals("y", call(client, "x"));
        });
  }

  @Test
  void givesUpWaitingAndIgnoresTheLateAnswer() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    against(
        peer -> {
          peer.next();
          late.await();
          peer.frame(1, Frame.RESPONSE, 0, Response.of(new byte[] {'a'}).encode());
          peer.next();
          peer.frame(3, Frame.RESPONSE, 0, Response.of(new byte[] {'b'}).encode());
        },
        client -> {
          TtrpcException failed =
              assertThrows(
                  TtrpcException.class,
                  () -> client.call("t.Echo", "Say", new byte[0], Duration.ofMillis(1)));
          assertEquals(Code.DEADLINE_EXCEEDED, failed.code());
          late.countDown();
          assertEquals("b", call(client, "x"));
        });
  }

  @Test
  void anInterruptionEndsOneCallOnly() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    against(
        peer -> {
          peer.next();
          asked.countDown();
          peer.next();
          peer.frame(3, Frame.RESPONSE, 0, Response.of(new byte[] {'b'}).encode());
        },
        client -> {
          try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting =
                threads.submit(
                    () -> assertThrows(InterruptedIOException.class, () -> call(client, "x")));
            asked.await();
            threads.shutdownNow();
            waiting.get();
          }
          assertEquals("b", call(client, "x"));
        });
  }

  @Test
  void closingEndsTheCallsThatWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    against(
        peer -> {
          peer.next();
          asked.countDown();
          assertEquals("end", peer.answer());
        },
        client -> {
          try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> waiting = threads.submit(() -> call(client, "x"));
            asked.await();
            client.close();
            ExecutionException failed = assertThrows(ExecutionException.class, waiting::get);
            assertEquals(
                "call t.Echo/Say at %s: the client was closed".formatted(dir.resolve("s")),
                Objects.requireNonNull(failed.getCause()).getMessage());
          }
        });
  }

  @Test
  void saysThatNobodyListens() {
    Path socket = dir.resolve("none");
    TtrpcException failed =
        assertThrows(TtrpcException.class, () -> TtrpcClient.connect(socket, LONG));
    assertEquals(Code.UNAVAILABLE, failed.code());
    assertTrue(failed.reason().startsWith("connect to %s: ".formatted(socket)));
  }

  @Test
  void givesUpAServerThatDoesNotAccept() throws Exception {
    Path socket = dir.resolve("s");
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket), 1);
      List<TtrpcClient> queued = new ArrayList<>();
      TtrpcException failed =
          assertThrows(
              TtrpcException.class,
              () -> {
                while (true) {
                  queued.add(TtrpcClient.connect(socket, Duration.ofMillis(50)));
                }
              });
      assertEquals("connect to %s: no answer in time".formatted(socket), failed.getMessage());
      queued.forEach(TtrpcClient::close);
    }
  }
}
