package io.sealift.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server in front of another.
class ForwardTest {

  private static final List<Request.Entry> METADATA = List.of(new Request.Entry("trace", "1"));

  @TempDir private Path dir;
  private final LinkedBlockingQueue<Request> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> interrupted = new LinkedBlockingQueue<>();
  private TtrpcServer behind;
  private TtrpcServer front;

  @BeforeEach
  void listen() throws IOException {
    behind = TtrpcServer.listen(dir.resolve("behind.sock"), behind(), ServerLimits.DEFAULT);
    front =
        TtrpcServer.listen(
            dir.resolve("front.sock"),
            Services.builder()
                .add("front.Own", "Say", request -> "own".getBytes(UTF_8))
                .others(new Forward(behind.socket(), Duration.ofMinutes(1)))
                .build(),
            ServerLimits.DEFAULT);
  }

  private Services behind() {
    return Services.builder()
        .add(
            "behind.Service",
            "Say",
            request -> {
              asked.add(
                  new Request(
                      request.service(),
                      request.method(),
                      request.payload().clone(),
                      request.timeoutNanos(),
                      request.metadata()));
              return request.payload();
            })
        .add(
            "behind.Service",
            "Fail",
            request -> {
              throw new TtrpcException(Code.DATA_LOSS, "[CDH] [ERROR]: Get Resource failed");
            })
        .add(
            "behind.Service",
            "Hang",
            request -> {
              waiting.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException expected) {
                interrupted.add("interrupted");
              }
              return request.payload();
            })
        .add("front.Own", "Say", request -> "behind".getBytes(UTF_8))
        .build();
  }

  @AfterEach
  void close() throws IOException {
    front.close();
    behind.close();
  }

  private RawPeer peer() throws IOException {
    return RawPeer.connect(front.socket());
  }

  @Test
  void passesCallsOnAsTheyAre() throws Exception {
    byte[] payload = {0, 1, (byte) 0xff};
    try (RawPeer peer = peer()) {
      peer.frame(
          1,
          Frame.REQUEST,
          0,
          new Request("behind.Service", "Say", payload, 60_000_000_000L, METADATA).encode());
      assertEquals("1 OK " + new String(payload, UTF_8), peer.answer());
    }
    Request request = asked.take();
    assertEquals("behind.Service/Say", request.toString());
    assertEquals(60_000_000_000L, request.timeoutNanos());
    assertEquals(METADATA, request.metadata());
    assertEquals(List.of(payload[0], payload[1], payload[2]), bytes(request.payload()));
  }

  private static List<Byte> bytes(byte[] array) {
    return java.util.stream.IntStream.range(0, array.length).mapToObj(i -> array[i]).toList();
  }

  @Test
  void passesNoTimeOnWhenThereIsNone() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "behind.Service", "Say", "x");
      assertEquals("1 OK x", peer.answer());
    }
    assertEquals(0, asked.take().timeoutNanos());
  }

  @Test
  void passesErrorsBackAsTheyAre() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "behind.Service", "Fail", "x");
      assertEquals("1 DATA_LOSS [CDH] [ERROR]: Get Resource failed", peer.answer());
      peer.request(3, "behind.Service", "Sing", "x");
      assertEquals("3 UNIMPLEMENTED method behind.Service/Sing is not served", peer.answer());
      peer.request(5, "other.Service", "Say", "x");
      assertEquals("5 INVALID_ARGUMENT service other.Service is not served", peer.answer());
    }
  }

  @Test
  void answersItsOwnServicesItself() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "front.Own", "Say", "x");
      assertEquals("1 OK own", peer.answer());
      peer.request(3, "front.Own", "Sing", "x");
      assertEquals("3 UNIMPLEMENTED method front.Own/Sing is not served", peer.answer());
    }
  }

  @Test
  void givesUpThereWhatIsGivenUpHere() throws Exception {
    try (RawPeer peer = peer()) {
      peer.request(1, "behind.Service", "Hang", "x");
      waiting.await();
    }
    assertEquals("interrupted", interrupted.take());
  }

  @Test
  void endsACallWhoseTimeIsOver() throws Exception {
    try (RawPeer peer = peer()) {
      peer.frame(
          1,
          Frame.REQUEST,
          0,
          new Request("behind.Service", "Hang", new byte[1], 1_000_000, List.of()).encode());
      assertTrue(peer.answer().startsWith("1 DEADLINE_EXCEEDED "));
    }
  }

  @Test
  void goesOnWhenTheOtherServerWasAwayForAWhile() throws Exception {
    behind.close();
    try (RawPeer peer = peer()) {
      peer.request(1, "behind.Service", "Say", "x");
      String answer = peer.answer();
      assertTrue(answer.startsWith("1 UNAVAILABLE connect to " + behind.socket()), answer);

      behind = TtrpcServer.listen(behind.socket(), behind(), ServerLimits.DEFAULT);
      peer.request(3, "behind.Service", "Say", "y");
      assertEquals("3 OK y", peer.answer());
    }
  }
}
