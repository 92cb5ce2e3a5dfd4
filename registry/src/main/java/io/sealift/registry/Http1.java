package io.sealift.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// HTTP/1.1 (RFC 9112).
final class Http1 implements Protocol {

  /// Bytes of the line before a chunk: its length, and extensions that nobody uses.
  private static final int MAX_CHUNK_LINE_BYTES = 256;

  private final Connection connection;

  Http1(Connection connection) {
    this.connection = connection;
  }

  @Override
  public Reply ask(Request request) throws IOException {
    begin(request);
    for (int provisional = 0; provisional < MAX_PROVISIONAL; provisional++) {
      String line = connection.line(MAX_LINE_BYTES);
      int status = status(line);
      Map<String, String> headers = headers(connection);
      if (status >= 200) {
        connection.endHead();
        return new Reply(status, headers, new ReadBody(connection, line, status, headers));
      }
    }
    throw new ProtocolException("nothing but provisional answers");
  }

  private void begin(Request request) throws IOException {
    try {
      connection.send(request.inHttp1());
      connection.beginHead();
      refuseOtherProtocols(connection.peek());
    } catch (EOFException | SocketException closed) {
      // Servers with HTTP/2 alone agree to nothing in the handshake, and go away then.
      throw connection.agreesToNothing() ? new OtherVersionException(closed) : closed;
    }
  }

  /// What begins otherwise may never send the end of a line. Frames of HTTP/2 begin with a length
  /// of three bytes, and the first ones are short.
  private static void refuseOtherProtocols(int first) throws IOException {
    if (first == 0) {
      throw new OtherVersionException(
          new UnreachableException("the server speaks neither HTTP/1.1 nor HTTP/2 properly"));
    }
    if (first < 0) {
      throw new EOFException("the server closed the connection");
    }
    if (first != 'H') {
      throw notHttp();
    }
  }

  private static ProtocolException notHttp() {
    return new ProtocolException("not an answer of HTTP/1; the server may want TLS");
  }

  /// Reads the head of an answer that has no body.
  ///
  /// @return its status
  static int readHead(Connection connection) throws IOException {
    int status = status(connection.line(MAX_LINE_BYTES));
    headers(connection);
    return status;
  }

  private static int status(String line) throws ProtocolException {
    if (line.length() < 12 || !line.startsWith("HTTP/1.") || line.charAt(8) != ' ') {
      throw notHttp();
    }
    return (int) number(line.substring(9, 12), 10);
  }

  private static Map<String, String> headers(Connection connection) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int lines = 0; ; lines++) {
      String line = connection.line(MAX_LINE_BYTES);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
        throw new ProtocolException("a header without a proper name");
      }
      if (lines == MAX_LINES) {
        throw new ProtocolException("more than " + MAX_LINES + " headers");
      }
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (first, second) -> first + ", " + second);
    }
  }

  /// At most fifteen digits, so that nothing overflows.
  static long number(String digits, int radix) throws ProtocolException {
    if (digits.isEmpty() || digits.length() > 15) {
      throw new ProtocolException("a length that is no number");
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        throw new ProtocolException("a length that is no number");
      }
      value = value * radix + digit;
    }
    return value;
  }

  /// A body of which a length tells the end, or chunks, or the end of the connection.
  private static final class ReadBody implements Body {

    private final Connection connection;
    private final boolean chunked;
    private final boolean measured;
    private final boolean persistent;

    /// Bytes of the body, or of the chunk, that were not read yet; -1 when only the end of the
    /// connection tells.
    private long remaining;

    private boolean begun;
    private boolean over;
    private boolean closed;

    ReadBody(Connection connection, String statusLine, int status, Map<String, String> headers)
        throws ProtocolException {
      this.connection = connection;
      this.chunked = headers.containsKey("transfer-encoding");
      this.measured = headers.containsKey("content-length");
      this.persistent = isPersistent(statusLine, headers.getOrDefault("connection", ""));
      refuseEncodings(headers);
      String length = headers.get("content-length");
      remaining =
          chunked || status == 204 || status == 304 ? 0 : length == null ? -1 : number(length, 10);
      over = remaining == 0 && !chunked;
    }

    private static boolean isPersistent(String statusLine, String connection) {
      String words = connection.toLowerCase(Locale.ROOT);
      return statusLine.startsWith("HTTP/1.0")
          ? words.contains("keep-alive")
          : !words.contains("close");
    }

    private void refuseEncodings(Map<String, String> headers) throws ProtocolException {
      String transfer = headers.getOrDefault("transfer-encoding", "chunked");
      if (!transfer.equalsIgnoreCase("chunked")) {
        throw new ProtocolException("a transfer encoding that was not asked for");
      }
      if (chunked && measured) {
        throw new ProtocolException("both a length and a transfer encoding");
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (chunked && remaining == 0 && !over) {
        nextChunk();
      }
      if (over) {
        return -1;
      }
      begun = true;
      int count = connection.read(into, remaining < 0 ? Long.MAX_VALUE : remaining);
      if (count < 0) {
        if (remaining >= 0) {
          throw new EOFException("the server closed the connection inside an answer");
        }
        over = true;
        closed = true;
        return -1;
      }
      if (remaining >= 0) {
        remaining -= count;
        over = remaining == 0 && !chunked;
      }
      return count;
    }

    /// Reads what is between two chunks, when somebody wants the next one: what came of this one
    /// was given already.
    private void nextChunk() throws IOException {
      if (begun && !connection.line(2).isEmpty()) {
        throw new ProtocolException("a chunk that does not end where it should");
      }
      String line = connection.line(MAX_CHUNK_LINE_BYTES);
      int semicolon = line.indexOf(';');
      remaining = number((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
      if (remaining == 0) {
        headers(connection);
        over = true;
      }
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public boolean leavesConnection() {
      return persistent && !closed && !connection.hasLeftovers();
    }

    @Override
    public boolean tellsItsEnd() {
      return chunked || measured;
    }
  }
}
