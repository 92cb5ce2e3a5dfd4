package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.DistantRelay.Distance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A relay before a server that gives back what it gets.
class DistantRelayTest {

  private final ServerSocket listening = listening();
  private final Acceptor echo = new Acceptor(listening, "echo", DistantRelayTest::echo);

  private static ServerSocket listening() {
    try {
      ServerSocket socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return socket;
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException clientWentAway) {
      return;
    }
  }

  @AfterEach
  void stop() {
    echo.close();
  }

  private DistantRelay relay(int eachWayMillis, long streamBytes, long allBytes) {
    return new DistantRelay(
        "127.0.0.1:" + echo.port(),
        new Distance(Duration.ofMillis(eachWayMillis), streamBytes, allBytes));
  }

  private static Socket connect(DistantRelay relay) throws IOException {
    return new Socket(
        InetAddress.getLoopbackAddress(), Integer.parseInt(relay.address().split(":", -1)[1]));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] exchange(Socket socket, byte[] bytes) throws Exception {
    OutputStream out = socket.getOutputStream();
    Thread sending =
        Thread.ofVirtual()
            .start(() -> {
              try {
                out.write(bytes);
              } catch (IOException failed) {
                throw new IllegalStateException(failed);
              }
            });
    byte[] back = socket.getInputStream().readNBytes(bytes.length);
    sending.join();
    return back;
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 0, 0", "3, 50000000, 40000000"})
  void passesEverythingOnUnchanged(int eachWay, long stream, long all) throws Exception {
    byte[] bytes = random(3_000_000);
    try (DistantRelay relay = relay(eachWay, stream, all);
        Socket socket = connect(relay)) {
      assertArrayEquals(bytes, exchange(socket, bytes));
      assertEquals(bytes.length, relay.bytes());
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read(), "the end is passed on too");
    }
  }

  @Test
  void countsConnectionsAndRoundTrips() throws Exception {
    try (DistantRelay relay = relay(1, 0, 0)) {
      for (int connection = 0; connection < 2; connection++) {
        try (Socket socket = connect(relay)) {
          for (int trip = 0; trip < 3; trip++) {
            exchange(socket, new byte[] {1, 2, 3});
          }
        }
      }
      assertEquals(2, relay.connections());
      assertEquals(2 * (1 + 3), relay.roundTrips());
    }
  }

  @Test
  void nothingIsSooner() throws Exception {
    try (DistantRelay relay = relay(20, 0, 0);
        Socket socket = connect(relay)) {
      long begun = System.nanoTime();
      exchange(socket, new byte[1]);
      long first = System.nanoTime();
      exchange(socket, new byte[1]);
      long second = System.nanoTime();
      assertTrue(first - begun >= 80_000_000, "a connection and a round trip: " + (first - begun));
      assertTrue(second - first >= 40_000_000, "a round trip: " + (second - first));
    }
  }

  @ParameterizedTest
  @CsvSource({"2000000, 0, 1", "2000000, 0, 2", "0, 2000000, 2", "1000000, 9000000, 2"})
  void nothingIsFaster(long stream, long all, int connections) throws Exception {
    int size = 200_000;
    try (DistantRelay relay = relay(0, stream, all)) {
      long begun = System.nanoTime();
      Thread[] threads = new Thread[connections];
      for (int i = 0; i < connections; i++) {
        Socket socket = connect(relay);
        threads[i] =
            Thread.ofVirtual()
                .start(() -> {
                  try (socket) {
                    exchange(socket, new byte[size]);
                  } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                  }
                });
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      double least = stream > 0 ? (double) size / stream : 0;
      least = Math.max(least, all > 0 ? (double) size * connections / all : 0);
      assertTrue(seconds >= least * 0.99, seconds + " of at least " + least);
      assertEquals((long) size * connections, relay.bytes());
    }
  }

  @Test
  void aServerThatIsClosedIsClosedFarAwayToo() throws Exception {
    try (DistantRelay relay = relay(1, 0, 0);
        Socket socket = connect(relay)) {
      exchange(socket, new byte[1]);
      echo.close();
      InputStream in = socket.getInputStream();
      int read;
      try {
        read = in.read();
      } catch (IOException reset) {
        read = -1;
      }
      assertEquals(-1, read);
    }
  }
}
