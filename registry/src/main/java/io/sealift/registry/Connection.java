package io.sealift.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One connection to a server, for one request after the other: from {@link #open} until {@link
/// #close}, which may come from another thread and ends a read that waits. So does an interruption.
final class Connection implements AutoCloseable {

  /// Bytes asked of the socket at once.
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Endpoint endpoint;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  private Connection(Endpoint endpoint, Socket socket) throws IOException {
    this.endpoint = endpoint;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /// @param timeout for connecting, and for each read
  static Connection open(Endpoint endpoint, InetAddress address, Trust trust, Duration timeout)
      throws IOException {
    int millis = Math.toIntExact(timeout.toMillis());
    SocketChannel channel = SocketChannel.open();
    try {
      // The channel's socket, unlike one of its own, ends its reads when the thread is interrupted.
      Socket plain = channel.socket();
      plain.connect(new InetSocketAddress(address, endpoint.port()), millis);
      plain.setSoTimeout(millis);
      plain.setTcpNoDelay(true);
      return new Connection(
          endpoint, endpoint.tls() ? secured(plain, endpoint, trust.sockets()) : plain);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static Socket secured(Socket plain, Endpoint endpoint, SSLSocketFactory factory)
      throws IOException {
    SSLSocket secured =
        (SSLSocket) factory.createSocket(plain, endpoint.host(), endpoint.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// Sends a `GET`.
  void send(String target, Map<String, String> headers) throws IOException {
    StringBuilder request = new StringBuilder(512);
    request.append("GET ").append(target).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(endpoint.authority()).append("\r\n");
    request.append("User-Agent: sealift/0.1\r\n");
    headers.forEach(
        (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /// A line without its end.
  ///
  /// @throws ProtocolException when it has more than `maxBytes`
  String line(int maxBytes) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = next();
      if (next == '\n') {
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
            ? line.substring(0, length - 1)
            : line.toString();
      }
      if (line.length() == maxBytes) {
        throw new ProtocolException("a header line of more than " + maxBytes + " bytes");
      }
      line.append((char) next);
    }
  }

  private int next() throws IOException {
    if (position == limit && !refill()) {
      throw new EOFException("the server closed the connection");
    }
    return buffer[position++] & 0xff;
  }

  private boolean refill() throws IOException {
    position = 0;
    limit = 0;
    int count = in.read(buffer);
    limit = Math.max(count, 0);
    return count >= 0;
  }

  /// Puts at most `atMost` bytes of what follows into the buffer, at least one.
  ///
  /// @return -1 when the server closed the connection
  int read(ByteBuffer into, long atMost) throws IOException {
    if (position == limit && !refill()) {
      return -1;
    }
    int count = (int) Math.min(Math.min(limit - position, into.remaining()), atMost);
    into.put(buffer, position, count);
    position += count;
    return count;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException nothingToLose) {
      // What was read is proved by its digest; nothing was written that a server would miss.
      System.getLogger(Connection.class.getName())
          .log(System.Logger.Level.DEBUG, "close: {0}", nothingToLose.getMessage());
    }
  }
}
