package io.sealift.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TtrpcServerTest {

  private static final ServerLimits LIMITS =
      new ServerLimits(4, 3, 1024 * 1024, Duration.ofSeconds(30));

  @TempDir private Path dir;
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
  private TtrpcServer server;

  @BeforeEach
  void listen() throws IOException {
    server = listen(LIMITS);
  }

  private TtrpcServer listen(ServerLimits limits) throws IOException {
    Services services =
        Services.builder()
            .add("t.Echo", "Say", Request::payload)
            .add("t.Echo", "Big", request -> new byte[Frame.MAX_DATA])
            .add(
                "t.Echo",
                "Wait",
                request -> {
                  waiting.countDown();
                  released.await();
                  return request.payload();
                })
            .add(
                "t.Echo",
                "Hang",
                request -> {
                  waiting.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException expected) {
                    interrupted.add("interrupted"); // at once: it may be interrupted again
                  }
                  return request.payload();
                })
            .add(
                "t.Echo",
                "Sorry",
                request -> {
                  throw new TtrpcException(Code.NOT_FOUND, "no\nsuch thing");
                })
            .add(
                "t.Echo",
                "Broken",
                request -> {
                  throw new IllegalStateException("secret words");
                })
            .build();
    return TtrpcServer.listen(dir.resolve("run/t.sock"), services, limits);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private RawPeer peer() throws IOException {
    return RawPeer.connect(server.socket());
  }

  @Test
  void answersCallsInAnyOrder() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Wait", "first").request(3, "t.Echo", "Say", "second");
      assertEquals("3 OK second", peer.answer());
      released.countDown();
      assertEquals("1 OK first", peer.answer());
    }
  }

  private static Set<String> answers(RawPeer peer, int count) throws Exception {
    Set<String> answers = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      answers.add(peer.answer());
    }
    return answers;
  }

  @Test
  void takesAnEmptyMessageForOne() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Say", "");
      assertEquals("1 OK ", peer.answer());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "t.Echo, Sorry, NOT_FOUND no such thing",
    "t.Echo, Broken, INTERNAL internal error",
    "t.Echo, Big, 'RESOURCE_EXHAUSTED the answer has 4194304 bytes, more than fit a frame'",
    "t.Echo, Sing, UNIMPLEMENTED method t.Echo/Sing is not served",
    "t.Other, Say, INVALID_ARGUMENT service t.Other is not served",
    "'', '', INVALID_ARGUMENT service  is not served",
  })
  void saysWhyACallFailed(String service, String method, String answer) throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, service, method, "x").request(3, "t.Echo", "Say", "still here");
      assertEquals(Set.of("1 " + answer, "3 OK still here"), answers(peer, 2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 0, INVALID_ARGUMENT streams of clients have odd numbers",
    "0, 1, 0, INVALID_ARGUMENT streams of clients have odd numbers",
    "5, 1, 0, 'INVALID_ARGUMENT streams are not used again, and their numbers increase'",
    "3, 1, 0, 'INVALID_ARGUMENT streams are not used again, and their numbers increase'",
    "7, 2, 0, INVALID_ARGUMENT frames of type 2 are nothing for a server",
    "7, 0, 0, INVALID_ARGUMENT frames of type 0 are nothing for a server",
    "7, 3, 1, INVALID_ARGUMENT the stream is not open for data",
    "7, 1, 2, UNIMPLEMENTED no method here takes a stream of requests",
  })
  void refusesFramesOutOfOrder(int stream, int type, int flags, String answer) throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(5, "t.Echo", "Say", "x");
      assertEquals("5 OK x", peer.answer());
      byte[] request = new Request("t.Echo", "Say", new byte[] {'y'}, 0, List.of()).encode();
      peer.frame(stream, type, flags, request);
      assertEquals(stream + " " + answer, peer.answer());
      peer.request(9, "t.Echo", "Say", "z");
      assertEquals("9 OK z", peer.answer());
    }
  }

  @Test
  void usesTheLastStreamToo() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(-1, "t.Echo", "Say", "x");
      assertEquals("4294967295 OK x", peer.answer());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ff",
    "0a",
    "0a05",
    "0a02fffe",
    "08ff",
    "0b",
    "0c",
    "00",
    "2a030a01",
    "1aff ff ff ff 0f",
  })
  void refusesBytesThatAreNoRequest(String hex) throws Exception {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    try (RawPeer peer = peer()) {
      peer.frame(1, Frame.REQUEST, 0, bytes);
      String answer = peer.answer();
      assertTrue(answer.startsWith("1 INVALID_ARGUMENT read "), answer);
      peer.request(3, "t.Echo", "Say", "z");
      assertEquals("3 OK z", peer.answer());
    }
  }

  @Test
  void boundsMetadata() throws Exception {
    ProtoWriter request = new ProtoWriter().text(1, "t.Echo").text(2, "Say");
    for (int i = 0; i < 65; i++) {
      request.message(5, new byte[0]);
    }
    try (RawPeer peer = peer()) {
      peer.frame(1, Frame.REQUEST, 0, request.toBytes());
      assertEquals(
          "1 INVALID_ARGUMENT read request: more than 64 entries of metadata", peer.answer());
    }
  }

  @Test
  void passesOverAMessageThatIsTooLarge() throws Exception {
    int length = Frame.MAX_DATA + 1;
    try (RawPeer peer = peer()) {
      peer.send(RawPeer.header(length, 1, Frame.REQUEST, 0)).send(new byte[length]);
      assertEquals(
          "1 RESOURCE_EXHAUSTED a message of 4194305 bytes is more than the 4194304 allowed",
          peer.answer());
      peer.request(3, "t.Echo", "Say", "z");
      assertEquals("3 OK z", peer.answer());
    }
  }

  @ParameterizedTest
  @CsvSource({"0x1000000", "0x7fffffff", "0x80000000", "0xffffffff"})
  void endsAConnectionWhoseFramesCannotBeTold(String length) throws Exception {
    try (RawPeer peer = peer()) {
      peer.send(RawPeer.header(Long.decode(length).intValue(), 1, Frame.REQUEST, 0));
      assertEquals("end", endOr(peer));
    }
  }

  /// A connection that ends while something is unread is reset.
  private static String endOr(RawPeer peer) throws ProtoException {
    try {
      return peer.answer();
    } catch (IOException reset) {
      return "end";
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "9", "10", "20"})
  void survivesHalfAFrame(int bytes) throws Exception {
    byte[] frame = new byte[30];
    System.arraycopy(RawPeer.header(20, 1, 1, 0), 0, frame, 0, Frame.HEADER_BYTES);
    try (RawPeer peer = peer()) {
      peer.send(java.util.Arrays.copyOf(frame, bytes));
    }
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Say", "x");
      assertEquals("1 OK x", peer.answer());
    }
  }

  @Test
  void closesAConnectionThatIsStuckInAFrame() throws Exception {
    server.close();
    server = listen(new ServerLimits(4, 3, 1024, Duration.ofMillis(50)));
    try (RawPeer peer = peer();
        RawPeer idle = peer()) {
      peer.send(RawPeer.header(20, 1, 1, 0));
      assertEquals("end", endOr(peer));
      idle.request(1, "t.Echo", "Say", "x");
      assertEquals("1 OK x", idle.answer());
    }
  }

  @Test
  void closesAConnectionThatTakesNoAnswers() throws Exception {
    server.close();
    server = listen(new ServerLimits(1, 3, 64 * 1024 * 1024, Duration.ofMillis(200)));
    byte[] request = new Request("t.Echo", "Say", new byte[1024 * 1024], 0, List.of()).encode();
    try (RawPeer peer = peer()) {
      assertThrows(
          IOException.class,
          () -> {
            for (int stream = 1; ; stream += 2) {
              peer.frame(stream, Frame.REQUEST, 0, request);
            }
          });
    }
  }

  @Test
  void refusesMoreCallsThanAllowed() throws Exception {
    try (RawPeer peer = peer()) {
      for (int stream = 1; stream <= 5; stream += 2) {
        peer.request(stream, "t.Echo", "Wait", "x");
      }
      peer.request(7, "t.Echo", "Say", "y");
      assertEquals(
          "7 RESOURCE_EXHAUSTED too many calls of this connection are being answered",
          peer.answer());
      released.countDown();

      assertEquals(Set.of("1 OK x", "3 OK x", "5 OK x"), answers(peer, 3));
    }
  }

  @Test
  void refusesMoreBytesThanAllowed() throws Exception {
    try (RawPeer peer = peer();
        RawPeer other = peer()) {
      peer.request(1, "t.Echo", "Wait", "x".repeat(1024 * 1024));
      waiting.await();
      other.request(1, "t.Echo", "Say", "y");
      assertEquals(
          "1 RESOURCE_EXHAUSTED too many bytes of calls are being answered", other.answer());
      released.countDown();
      assertTrue(peer.answer().startsWith("1 OK xxx"));
    }
  }

  @Test
  void refusesMoreConnectionsThanAllowed() throws Exception {
    List<RawPeer> peers = new ArrayList<>();
    for (int i = 0; i < LIMITS.connections(); i++) {
      RawPeer peer = peer();
      peers.add(peer);
      peer.request(1, "t.Echo", "Say", "x");
      assertEquals("1 OK x", peer.answer());
    }
    try (RawPeer more = peer()) {
      assertEquals("end", endOr(more));
    }
    for (RawPeer peer : peers) {
      peer.request(3, "t.Echo", "Say", "y");
      assertEquals("3 OK y", peer.answer());
      peer.close();
    }
  }

  @Test
  void endsACallWhoseTimeIsOver() throws Exception {
    byte[] hang = new Request("t.Echo", "Hang", new byte[1], 1_000_000, List.of()).encode();
    byte[] late = new Request("t.Echo", "Say", new byte[1], -1, List.of()).encode();
    byte[] patient =
        new Request("t.Echo", "Say", new byte[] {'p'}, Long.MAX_VALUE, List.of()).encode();
    try (RawPeer peer = peer()) {
      peer.frame(1, Frame.REQUEST, 0, hang);
      assertEquals("1 DEADLINE_EXCEEDED timeout", peer.answer());
      if (waiting.getCount() == 0) {
        assertEquals("interrupted", interrupted.take());
      }
      peer.frame(3, Frame.REQUEST, 0, late);
      assertEquals("3 DEADLINE_EXCEEDED timeout", peer.answer());
      peer.frame(5, Frame.REQUEST, 0, patient);
      assertEquals("5 OK p", peer.answer());
    }
  }

  @Test
  void interruptsTheHandlersOfACallerThatIsGone() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Hang", "x");
      waiting.await();
    }
    assertEquals("interrupted", interrupted.take());
  }

  @Test
  void leavesNoThreadAndNoSocketBehind() throws Exception {
    try (RawPeer peer = peer();
        RawPeer half = peer()) {
      half.send(RawPeer.header(20, 1, 1, 0));
      peer.request(1, "t.Echo", "Hang", "x");
      waiting.await();
      Thread closing =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  server.close();
                } catch (IOException failed) {
                  throw new java.io.UncheckedIOException(failed);
                }
              });
      assertEquals("interrupted", interrupted.take());
      closing.join();
      assertFalse(Files.exists(server.socket()));
      assertEquals("end", endOr(peer));
    }
  }

  @Test
  void letsOnlyItsUserConnect() throws Exception {
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())));
  }

  @Test
  void doesNotTakeASocketFromAServerThatListens() {
    IOException refused = assertThrows(IOException.class, () -> listen(LIMITS));
    assertEquals(
        "listen on %s: another server does".formatted(server.socket()), refused.getMessage());
  }

  @Test
  void replacesASocketThatAServerLeftBehind() throws Exception {
    Path socket = server.socket();
    server.close();
    try (var left =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      left.bind(java.net.UnixDomainSocketAddress.of(socket));
    }
    assertTrue(Files.exists(socket));
    server = listen(LIMITS);
    try (RawPeer peer = peer()) {
      peer.request(1, "t.Echo", "Say", "x");
      assertEquals("1 OK x", peer.answer());
    }
  }

  @Test
  void replacesNothingElse() throws Exception {
    server.close();
    Files.writeString(server.socket(), "precious");
    IOException refused = assertThrows(IOException.class, () -> listen(LIMITS));
    assertEquals(
        "listen on %s: there is something that is no socket".formatted(server.socket()),
        refused.getMessage());
    assertEquals("precious", Files.readString(server.socket()));
  }

  @Test
  void handsOverMetadata() throws Exception {
    List<Request.Entry> metadata =
        List.of(new Request.Entry("a", "1"), new Request.Entry("a", "2"));
    Request request = new Request("s", "m", "p".getBytes(UTF_8), 5, metadata);
    Request decoded = Request.decode(request.encode());
    assertEquals(metadata, decoded.metadata());
    assertEquals(5, decoded.timeoutNanos());
    assertEquals("s/m", decoded.toString());
    assertEquals(
        "a=1 a=2",
        decoded.metadata().stream()
            .map(entry -> entry.key() + "=" + entry.value())
            .collect(Collectors.joining(" ")));
  }
}
