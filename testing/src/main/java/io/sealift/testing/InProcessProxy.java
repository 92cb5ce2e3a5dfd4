package io.sealift.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A forward proxy in this process, on a free port of 127.0.0.1, that notes what it is asked and
/// takes every name for one server of this machine; from the constructor until {@link #close}.
/// Thread-safe.
public final class InProcessProxy implements AutoCloseable {

  private final Acceptor acceptor;
  private final @Nullable ServerCertificate certificate;
  private final InetSocketAddress target;
  private final String status;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  /// @param target host and port of the server that all names mean
  public InProcessProxy(String target) {
    this(target, null, "200 x");
  }

  /// @param certificate to be spoken to with TLS; null for plain HTTP
  /// @param status what it says to everything; only after `200` it does as it is told
  public InProcessProxy(String target, @Nullable ServerCertificate certificate, String status) {
    this.target = ForeignServer.addressOf(target);
    this.certificate = certificate;
    this.status = status;
    try {
      ServerSocket listening =
          certificate == null
              ? new ServerSocket()
              : certificate.serverContext(null).getServerSocketFactory().createServerSocket();
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      acceptor = new Acceptor(listening, "proxy", this::serve);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public String address() {
    return "127.0.0.1:" + acceptor.port();
  }

  public String url() {
    return (certificate == null ? "http://" : "https://") + address();
  }

  /// The heads of the requests, lines with line feeds between them.
  public List<String> heads() {
    return List.copyOf(heads);
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket()) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      heads.add(head);
      OutputStream out = client.getOutputStream();
      if (!status.startsWith("200")) {
        String proxyWants = status.startsWith("407") ? "Proxy-Authenticate: Basic\r\n" : "";
        out.write(ascii("HTTP/1.1 " + status + "\r\n" + proxyWants + "Content-Length: 0\r\n\r\n"));
        return;
      }
      server.connect(target);
      acceptor.keep(server);
      OutputStream onward = server.getOutputStream();
      if (head.startsWith("CONNECT ")) {
        out.write(ascii("HTTP/1.1 200 Connection established\r\n\r\n"));
      } else {
        onward.write(ascii(forwarded(head)));
      }
      Thread answers = Thread.ofVirtual().start(() -> copy(server, out));
      if (head.startsWith("CONNECT ")) {
        in.transferTo(onward);
      } else {
        for (String next = head(in); !next.isEmpty(); next = head(in)) {
          heads.add(next);
          onward.write(ascii(forwarded(next)));
        }
      }
      server.shutdownOutput();
      answers.join();
    } catch (IOException | InterruptedException somebodyWentAway) {
      // What the two do is for the test to judge.
      return;
    }
  }

  private static void copy(Socket server, OutputStream out) {
    try (out) {
      server.getInputStream().transferTo(out);
    } catch (IOException somebodyWentAway) {
      return;
    }
  }

  /// With the path alone, as a server wants it. Requests have no bodies.
  private static String forwarded(String head) {
    return head.replaceFirst("http://[^/ ]*", "")
            .replaceAll("(?m)^Proxy-Authorization:.*\n", "")
            .replace("\n", "\r\n")
        + "\r\n\r\n";
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      text = head.toString(StandardCharsets.US_ASCII);
      if (text.endsWith("\r\n\r\n")) {
        break;
      }
    }
    return text.strip().replace("\r", "");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    acceptor.close();
  }
}
