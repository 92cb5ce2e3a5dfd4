package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever comes over its socket, the daemon answers as servers in Rust do, and stays up.
class FramesTest {

  private static final int MAX_DATA = 4 << 20;
  private static final String SERVICE = "api.GetResourceService";
  private static final String METHOD = "GetResource";

  @TempDir private Path dir;
  private TestGuest guest;
  private TestAgent agent;

  @BeforeEach
  void start() throws Exception {
    guest = new TestGuest(dir).start();
    agent = guest.agent();
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    guest.close();
  }

  private void assertStillThere() throws Exception {
    guest.push("app", "one");
    try (TestAgent other = guest.agent()) {
      assertEquals("0", other.pull(guest.name("app"), guest.bundle("after")).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other.Service, PullImage, 3 service other.Service is not served",
    "ImagePullService, PullImage, 3 service ImagePullService is not served",
    "/api.ImagePullService, PullImage, 3 service /api.ImagePullService is not served",
    "'', '', 3 service  is not served",
    "api.ImagePullService, pullImage, 12 method api.ImagePullService/pullImage is not served",
    "api.ImagePullService, '', 12 method api.ImagePullService/ is not served",
    "keyprovider.KeyProviderService, UnwrapKey, 12 method keyprovider.KeyProviderService/UnwrapKey is not served",
  })
  void servicesAndMethodsThatAreNotThere(String service, String method, String reply)
      throws Exception {
    assertEquals(reply, agent.call(service, method, new byte[0]).toString());
    assertStillThere();
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 0, 3",
    "0, 1, 0, 3",
    "-2, 1, 0, 3",
    "3, 2, 0, 3",
    "3, 3, 1, 3",
    "3, 0, 0, 3",
    "3, 255, 0, 3",
    "3, 1, 2, 12",
    "1, 1, 0, 3",
  })
  void framesOutOfOrder(int stream, int type, int flags, int code) throws Exception {
    int _ = agent.call(SERVICE, METHOD, new byte[0]).code();
    agent.frame(stream, type, flags, TestAgent.request(SERVICE, METHOD, new byte[0], 0));
    assertEquals(code, agent.answer(stream).code());
    assertStillThere();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff",
        "0a",
        "0a05",
        "0a02fffe",
        "08ff",
        "0b",
        "0c",
        "00",
        "2a030a01",
        "1affffffff0f",
      })
  void bytesThatAreNoRequest(String hex) throws Exception {
    agent.frame(1, 1, 0, HexFormat.of().parseHex(hex));
    assertEquals(3, agent.answer(1).code());
    agent.frame(
        3,
        1,
        0,
        TestAgent.request(TestAgent.PULL_SERVICE, TestAgent.PULL, HexFormat.of().parseHex(hex), 0));
    assertEquals(3, agent.answer(3).code());
    assertStillThere();
  }

  @Test
  void fieldsThatAreNotKnownArePassedOver() throws Exception {
    guest.push("app", "one");
    byte[] message =
        new TestAgent.Writer()
            .number(9, 7)
            .text(1, guest.name("app"))
            .bytes(100, new byte[1000])
            .text(2, guest.bundle("c1").toString())
            .done();
    assertEquals("0", agent.call(TestAgent.PULL_SERVICE, TestAgent.PULL, message).toString());
  }

  @Test
  void aFrameThatIsTooLargeIsRefusedAndTheNextAnswered() throws Exception {
    agent.raw(TestAgent.header(MAX_DATA + 1, 1, 1, 0));
    agent.raw(new byte[MAX_DATA + 1]);
    assertEquals(8, agent.answer(1).code());
    agent.frame(3, 1, 0, TestAgent.request("other.Service", "Say", new byte[0], 0));
    assertEquals(3, agent.answer(3).code());
    assertStillThere();
  }

  @Test
  void theLargestFrameIsAnswered() throws Exception {
    byte[] envelope = TestAgent.request(SERVICE, METHOD, new byte[0], 0);
    byte[] payload = new byte[MAX_DATA - envelope.length - 4];
    byte[] frame = TestAgent.request(SERVICE, METHOD, payload, 0);
    assertTrue(frame.length <= MAX_DATA);
    agent.frame(1, 1, 0, frame);
    assertEquals(13, agent.answer(1).code());
    assertStillThere();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01000000", "7fffffff", "80000000", "ffffffff"})
  void lengthsThatCannotBeMeantEndTheConnection(String length) throws Exception {
    agent.raw(HexFormat.of().parseHex(length + "000000010100"));
    assertTrue(agent.isEnded());
    assertStillThere();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9, 10, 11, 40})
  void halfFrames(int bytes) throws Exception {
    byte[] data = TestAgent.request(SERVICE, METHOD, new byte[50], 0);
    byte[] frame = Arrays.copyOf(TestAgent.header(data.length, 1, 1, 0), 10 + data.length);
    System.arraycopy(data, 0, frame, 10, data.length);
    agent.raw(Arrays.copyOf(frame, bytes));
    agent.close();
    assertStillThere();
  }

  /// Each of them holds its connection, and the others are answered.
  @Test
  void halfFramesOfManyConnections() throws Exception {
    List<TestAgent> stuck = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      TestAgent half = guest.agent();
      stuck.add(half);
      half.raw(TestAgent.header(MAX_DATA, 1, 1, 0));
      half.raw(new byte[MAX_DATA - 1]);
    }
    assertStillThere();
    for (TestAgent half : stuck) {
      half.close();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void spoiledFrames(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] data =
        TestAgent.request(
            SERVICE, METHOD, new TestAgent.Writer().text(1, "kbs:///a/b/c").done(), 0);
    for (int i = 0; i < 100; i++) {
      byte[] frame = Arrays.copyOf(TestAgent.header(data.length, 1, 1, 0), 10 + data.length);
      System.arraycopy(data, 0, frame, 10, data.length);
      for (int spoiled = random.nextInt(1, 6); spoiled > 0; spoiled--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
      try (TestAgent other = guest.agent()) {
        other.raw(frame);
        other.finish();
      } catch (IOException endedByTheDaemon) {
        assertTrue(endedByTheDaemon.getMessage() != null);
      }
    }
    assertStillThere();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 1})
  void timesThatAreOver(long nanos) throws Exception {
    guest.push("app", "one");
    int stream = agent.sendPull(guest.name("app"), guest.bundle("c1"), nanos);
    assertEquals("4 timeout", agent.answer(stream).toString());
    assertStillThere();
  }

  @Test
  void manyCallsOfOneConnection() throws Exception {
    guest.push("app", "one");
    List<Integer> streams = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      streams.add(agent.send(SERVICE, METHOD, new byte[1000], 0));
    }
    for (int stream : streams) {
      assertEquals(13, agent.answer(stream).code());
    }
  }
}
