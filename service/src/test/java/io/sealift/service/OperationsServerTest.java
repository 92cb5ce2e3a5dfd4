package io.sealift.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.service.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsServerTest {

  private final Metrics metrics = new Metrics();
  private final AtomicReference<Optional<String>> missing = new AtomicReference<>(Optional.empty());
  private final Readiness readiness = new Readiness(List.of(missing::get));
  private OperationsServer server;

  @BeforeEach
  void open() throws Exception {
    metrics.counter("x_total", "X.").increment();
    server = OperationsServer.open(ListenAddress.parse("0", "--metrics"), metrics, readiness);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// Sends these very bytes and reads until the server closes.
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private String get(String path) throws IOException {
    return exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  private static String status(String answer) {
    return answer.lines().findFirst().orElse("").replaceFirst("HTTP/1.1 (\\d+) .*", "$1");
  }

  private static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void showsTheMetricsToPrometheus() throws Exception {
    String answer = get("/metrics");
    assertEquals("200", status(answer));
    assertTrue(answer.contains("\r\nContent-type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    assertEquals("# HELP x_total X.\n# TYPE x_total counter\nx_total 1\n", body(answer));
  }

  @Test
  void isReadyWhileItServesAndNothingIsMissing() throws Exception {
    List<String> seen = new ArrayList<>();
    seen.add(status(get("/readyz")) + " " + body(get("/readyz")));
    readiness.enter(Readiness.State.SERVING);
    seen.add(status(get("/readyz")) + " " + body(get("/readyz")));
    missing.set(Optional.of("write to store /x: it is read-only here"));
    seen.add(status(get("/readyz")) + " " + body(get("/readyz")));
    missing.set(Optional.empty());
    readiness.enter(Readiness.State.ENDING);
    seen.add(status(get("/readyz")) + " " + body(get("/readyz")));
    assertEquals(
        List.of(
            "503 starting\n",
            "200 ready\n",
            "503 write to store /x: it is read-only here\n",
            "503 ending\n"),
        seen);
    assertEquals("200", status(get("/healthz")));
  }

  @ParameterizedTest
  @CsvSource({
    "GET /, 404", "GET /metrics/, 404", "GET /../metrics, 404", "GET /metricsx, 404",
    "POST /metrics, 405", "DELETE /healthz, 405", "OPTIONS *, 404", "GET /metrics?x=1, 200",
    "HEAD /metrics, 200", "GET http://other/metrics, 200", "BLA, 400"
  })
  void refusesWhatItDoesNotKnow(String request, String status) throws Exception {
    String answer =
        exchange(
            request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assertEquals(status, status(answer).isEmpty() ? "400" : status(answer), answer);
  }

  @Test
  void hostileRequestsDoNotEndIt() throws Exception {
    for (String hostile :
        List.of(
            "\0\0\0\0",
            "GET /metrics HTTP/1.1\r\n" + "A: b\r\n".repeat(1000) + "\r\n",
            "GET /metrics HTTP/1.1\r\nA: " + "b".repeat(1 << 20) + "\r\n\r\n",
            "GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nContent-Length: 9999999999999999999\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n",
            "GET %00%zz HTTP/1.1\r\n\r\n")) {
      try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        socket.getOutputStream().write(hostile.getBytes(ISO_8859_1));
        socket.shutdownOutput();
        socket.getInputStream().readAllBytes();
      } catch (IOException reset) {
        // As good an answer as any.
        assertTrue(reset.getMessage() != null);
      }
      assertEquals("200", status(get("/healthz")));
    }
  }

  @Test
  void saysWhyItCannotListen() {
    InetSocketAddress taken = server.address();
    BadReferenceException refused =
        assertThrows(
            BadReferenceException.class, () -> OperationsServer.open(taken, metrics, readiness));
    assertEquals(
        "listen on 127.0.0.1:%d for metrics and health: Address already in use"
            .formatted(taken.getPort()),
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "9464, 127.0.0.1, 9464",
    ":9464, 127.0.0.1, 9464",
    "localhost:1, 127.0.0.1, 1",
    "0.0.0.0:80, 0.0.0.0, 80",
    "10.1.2.3:65535, 10.1.2.3, 65535",
    "[::1]:7, 0:0:0:0:0:0:0:1, 7",
    "[::]:7, 0:0:0:0:0:0:0:0, 7"
  })
  void readsAddresses(String text, String address, int port) throws Exception {
    InetSocketAddress read = ListenAddress.parse(text, "--metrics");
    assertEquals(address, read.getAddress().getHostAddress());
    assertEquals(port, read.getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1.2.3.4",
        "host.example:80",
        "1.2.3:80",
        "1.2.3.4:65536",
        "::1:80",
        "-1",
        "[::1]",
        "[::1%lo]:1",
        "1.2.3.4:80 ",
        "999.1.1.1:80"
      })
  void refusesWhatIsNoAddress(String text) {
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> ListenAddress.parse(text, "--metrics"));
    assertEquals(
        "read --metrics "
            + text
            + ": expected ADDRESS:PORT with an IP address, such as 127.0.0.1:9464 or [::1]:9464",
        refused.getMessage());
  }
}
