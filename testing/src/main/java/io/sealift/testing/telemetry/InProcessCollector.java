package io.sealift.testing.telemetry;

import io.sealift.testing.Acceptor;
import io.sealift.testing.HttpHead;
import io.sealift.testing.ServerCertificate;
import io.sealift.wire.ProtoException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/// A collector of OpenTelemetry's traces on a free port of 127.0.0.1 (OTLP over HTTP, protobuf);
/// from its making until {@link #close}. Takes `POST /v1/traces` and nothing else. Thread-safe.
public final class InProcessCollector implements AutoCloseable {

  private static final String TAKEN = "200 taken";

  private final Acceptor acceptor;
  private final String scheme;
  private final List<ReceivedSpan> spans = new ArrayList<>();
  private final List<Map<String, String>> headers = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private String answer = TAKEN;
  private int requests;

  public InProcessCollector() {
    this("http", plain());
  }

  private InProcessCollector(String scheme, ServerSocket listening) {
    this.scheme = scheme;
    acceptor = new Acceptor(listening, "collector", this::serve);
  }

  /// One that speaks TLS and wants to see a certificate.
  public static InProcessCollector https(ServerCertificate own, ServerCertificate client) {
    try {
      SSLServerSocket socket =
          (SSLServerSocket)
              own.serverContext(client)
                  .getServerSocketFactory()
                  .createServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"));
      socket.setNeedClientAuth(true);
      return new InProcessCollector("https", socket);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static ServerSocket plain() {
    try {
      return new ServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public String url() {
    return "%s://127.0.0.1:%d".formatted(scheme, acceptor.port());
  }

  /// Says this from now on and takes nothing, such as `503 busy`; nothing at all when it is empty.
  public synchronized InProcessCollector answers(String status) {
    answer = status;
    return this;
  }

  /// What came so far.
  public synchronized List<ReceivedSpan> spans() {
    return List.copyOf(spans);
  }

  /// Waits until the first span of this name came, and returns what came so far.
  public synchronized List<ReceivedSpan> await(String name) throws InterruptedException {
    while (spans.stream().noneMatch(span -> span.name().equals(name))) {
      wait();
    }
    return spans();
  }

  /// Waits until so many requests came, whatever the answer.
  public synchronized void await(int count) throws InterruptedException {
    while (requests < count) {
      wait();
    }
  }

  /// The headers of each request, by name in lower case.
  public synchronized List<Map<String, String>> headers() {
    return List.copyOf(headers);
  }

  /// Why requests were not taken that it would have taken.
  public synchronized List<String> refused() {
    return List.copyOf(refused);
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String request = HttpHead.line(in); !request.isEmpty(); request = HttpHead.line(in)) {
        String status = answer(request, in);
        if (!status.isEmpty()) {
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 %s\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
                      .formatted(status)
                      .getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException | ProtoException malformed) {
      refuse(malformed.toString());
    }
  }

  private synchronized void refuse(String why) {
    refused.add(why);
  }

  private String answer(String request, InputStream in) throws IOException, ProtoException {
    Map<String, String> head = HttpHead.headers(in);
    byte[] body = in.readNBytes(Integer.parseInt(head.getOrDefault("content-length", "0")));
    if (!request.startsWith("POST /v1/traces HTTP/1.1")
        || !"application/x-protobuf".equals(head.get("content-type"))) {
      refuse(request);
      return "400 not taken";
    }
    return take(head, unpacked(body, head.get("content-encoding")));
  }

  private static byte[] unpacked(byte[] body, @Nullable String encoding) throws IOException {
    return "gzip".equals(encoding)
        ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
        : body;
  }

  private synchronized String take(Map<String, String> head, byte[] body) throws ProtoException {
    if (answer.equals(TAKEN)) {
      headers.add(head);
      spans.addAll(ReceivedSpan.read(body));
    }
    requests++;
    notifyAll();
    return answer;
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
