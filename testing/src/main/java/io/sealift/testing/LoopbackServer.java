package io.sealift.testing;

import io.sealift.testing.Answer.Delivery;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// A server of HTTP/1.1 or of HTTP/2 on a free port of the loopback that answers as it is told,
/// also wrongly; from the constructor until {@link #close}, which ends its connections too.
final class LoopbackServer implements AutoCloseable {

  /// Bytes of a request's body; the requests of tests are small.
  private static final int MAX_BODY = 1024 * 1024;

  private final Acceptor acceptor;
  private final boolean http2;
  private final Function<RegistryRequest, Answer> answers;
  private final LongAdder bodyBytes = new LongAdder();

  /// @param listening not bound yet
  LoopbackServer(ServerSocket listening, Function<RegistryRequest, Answer> answers) {
    this(listening, "127.0.0.1", false, answers);
  }

  /// @param address of this machine's loopback: `127.0.0.2`, `::1`
  /// @param http2 whether it speaks HTTP/2, and nothing else
  LoopbackServer(
      ServerSocket listening,
      String address,
      boolean http2,
      Function<RegistryRequest, Answer> answers) {
    this.http2 = http2;
    this.answers = answers;
    try {
      listening.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    acceptor = new Acceptor(listening, "loopback server", this::serve);
  }

  int port() {
    return acceptor.port();
  }

  /// Bytes of bodies that were sent whole or in part, each time that they were.
  long bodyBytes() {
    return bodyBytes.sum();
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
      if (http2) {
        http2(socket, in, out);
        return;
      }
      boolean more = true;
      while (more) {
        String first = HttpHead.line(in);
        String[] words = first.split(" ", 3);
        if (words.length == 3 && words[2].startsWith("HTTP/")) {
          RegistryRequest request = read(words, in);
          more = send(request, answers.apply(request), socket, in, out);
        } else {
          more = false;
          if (!first.isEmpty()) {
            out.write("HTTP/1.1 400 x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
          }
        }
      }
    } catch (IOException | InterruptedException clientWentAway) {
      // What a client does is for the test to judge.
      return;
    }
  }

  private void http2(Socket socket, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    if (HttpHead.line(in).equals("PRI * HTTP/2.0")) {
      new Http2Session(socket, in, out, answers, bodyBytes).run();
    } else {
      Http2Session.refuse(out);
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /// @param words of the request line
  private static RegistryRequest read(String[] words, InputStream in) throws IOException {
    Map<String, String> headers = HttpHead.headers(in);
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(Math.min(length, MAX_BODY)), StandardCharsets.UTF_8);
    return new RegistryRequest(words[0], words[1], headers, body);
  }

  /// Sends an answer; false when the connection ends with it.
  private boolean send(
      RegistryRequest request, Answer answer, Socket socket, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    switch (answer.delivery()) {
      case Delivery.Raw(Delivery.After after) -> {
        out.write(answer.body());
        out.flush();
        end(after, socket, in);
        return false;
      }
      case Delivery.EndlessHead(int pause) -> {
        out.write("HTTP/1.1 200 x\r\n".getBytes(StandardCharsets.US_ASCII));
        while (true) {
          out.write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
          if (pause > 0) {
            out.flush();
            Thread.sleep(pause);
          }
        }
      }
      default -> {}
    }
    out.write(head(answer).getBytes(StandardCharsets.ISO_8859_1));
    boolean more = request.method().equals("HEAD") || body(answer, in, out);
    out.flush();
    if (answer.delivery() instanceof Delivery.Reset(_, Runnable first)) {
      first.run();
      end(Delivery.After.RESET, socket, in);
    }
    return more;
  }

  private static void end(Delivery.After after, Socket socket, InputStream in) throws IOException {
    switch (after) {
      case CLOSE -> {}
      case RESET -> socket.setSoLinger(true, 0);
      case SILENCE -> in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static String head(Answer answer) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" x\r\n");
    answer
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    switch (answer.delivery()) {
      case Delivery.Chunked _, Delivery.Endless _ -> head.append("Transfer-Encoding: chunked\r\n");
      case Delivery.UntilClose _ -> head.append("Connection: close\r\n");
      case Delivery.Length(long said) ->
          head.append("Content-Length: ").append(said).append("\r\n");
      default -> head.append("Content-Length: ").append(answer.body().length).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private boolean body(Answer answer, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    byte[] body = answer.body();
    switch (answer.delivery()) {
      case Delivery.Chunked(int bytes) -> {
        for (int at = 0; at < body.length; at += bytes) {
          chunk(body, at, Math.min(bytes, body.length - at), out);
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return true;
      }
      case Delivery.Cut(int after) -> write(body, after, out);
      case Delivery.Reset(int after, _) -> write(body, after, out);
      case Delivery.Stall(int after) -> {
        write(body, after, out);
        out.flush();
        return in.read() >= 0;
      }
      case Delivery.Trickle(int pause) -> {
        for (byte b : body) {
          out.write(b);
          out.flush();
          Thread.sleep(pause);
        }
        return true;
      }
      case Delivery.Endless() -> {
        while (true) {
          chunk(new byte[64 * 1024], 0, 64 * 1024, out);
        }
      }
      case Delivery.Whole() -> {
        write(body, body.length, out);
        return true;
      }
      case Delivery.Frames _ -> {}
      case Delivery.UntilClose _,
          Delivery.ThenClose _,
          Delivery.Length _,
          Delivery.Raw _,
          Delivery.EndlessHead _ ->
          write(body, body.length, out);
    }
    return false;
  }

  /// Counts beforehand: whoever has read all of it may look at the count at once.
  private void write(byte[] body, int atMost, OutputStream out) throws IOException {
    int length = Math.min(atMost, body.length);
    bodyBytes.add(length);
    try {
      out.write(body, 0, length);
    } catch (IOException gone) {
      bodyBytes.add(-length);
      throw gone;
    }
  }

  private static void chunk(byte[] body, int at, int length, OutputStream out) throws IOException {
    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(body, at, length);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
