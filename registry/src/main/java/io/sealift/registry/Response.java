package io.sealift.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The answer to one request (RFC 9112): a status, headers, and a body that is read once. From
/// {@link #read} until {@link #close}, used by one thread; a connection whose body was read to its
/// end can serve again.
final class Response implements AutoCloseable {

  /// Header lines of an answer, and bytes of one; registries behind proxies send some thirty.
  private static final int MAX_LINES = 128;

  private static final int MAX_LINE_BYTES = 16 * 1024;

  /// Bytes of the line before a chunk: its length, and extensions that nobody uses.
  private static final int MAX_CHUNK_LINE_BYTES = 256;

  /// Provisional answers before the real one; `100` and `103` are seen, once each.
  private static final int MAX_PROVISIONAL = 8;

  private final Connection connection;
  private final int status;
  private final Map<String, String> headers;
  private final boolean chunked;
  private final boolean persistent;
  private final ConnectionPool pool;
  private final Cancellation cancellation;

  /// Bytes of the body, or of the chunk, that were not read yet; -1 when only the end of the
  /// connection tells.
  private long remaining;

  private boolean ended;

  private Response(
      Connection connection,
      ConnectionPool pool,
      Cancellation cancellation,
      String statusLine,
      Map<String, String> headers)
      throws IOException {
    this.connection = connection;
    this.pool = pool;
    this.cancellation = cancellation;
    this.status = status(statusLine);
    this.headers = headers;
    this.chunked = headers.containsKey("transfer-encoding");
    this.persistent = isPersistent(statusLine, headers.getOrDefault("connection", ""));
    refuseEncodings();
    remaining = chunked ? 0 : status == 204 || status == 304 ? 0 : length();
    if (remaining == 0 && !chunked) {
      end();
    }
  }

  /// Reads status and headers.
  static Response read(Connection connection, ConnectionPool pool, Cancellation cancellation)
      throws IOException {
    connection.beginHead();
    refuseOtherProtocols(connection.peek());
    for (int provisional = 0; provisional < MAX_PROVISIONAL; provisional++) {
      String line = connection.line(MAX_LINE_BYTES);
      int status = status(line);
      Map<String, String> headers = headers(connection);
      if (status >= 200) {
        connection.endHead();
        return new Response(connection, pool, cancellation, line, headers);
      }
    }
    throw new ProtocolException("nothing but provisional answers");
  }

  /// What begins otherwise may never send the end of a line. Frames of HTTP/2 begin with a length
  /// of three bytes, and the first ones are short.
  private static void refuseOtherProtocols(int first) throws ProtocolException {
    if (first == 0) {
      throw new ProtocolException(
          "the server speaks HTTP/2 without being asked to; expected HTTP/1.1; have it speak that too, or name a port or mirror that does");
    }
    if (first >= 0 && first != 'H') {
      throw notHttp();
    }
  }

  private static ProtocolException notHttp() {
    return new ProtocolException("not an answer of HTTP/1; the server may want TLS");
  }

  /// Reads status and headers of an answer that has no body.
  static int readHead(Connection connection) throws IOException {
    int status = status(connection.line(MAX_LINE_BYTES));
    headers(connection);
    return status;
  }

  private static boolean isPersistent(String statusLine, String connection) {
    String words = connection.toLowerCase(Locale.ROOT);
    return statusLine.startsWith("HTTP/1.0")
        ? words.contains("keep-alive")
        : !words.contains("close");
  }

  /// Bytes have to come as they are; nothing else was asked for.
  private void refuseEncodings() throws ProtocolException {
    String transfer = headers.getOrDefault("transfer-encoding", "chunked");
    String content = headers.getOrDefault("content-encoding", "identity");
    if (!transfer.equalsIgnoreCase("chunked")) {
      throw new ProtocolException("a transfer encoding that was not asked for");
    }
    if (!content.isEmpty() && !content.equalsIgnoreCase("identity")) {
      throw new ProtocolException("a content encoding that was not asked for");
    }
    if (chunked && headers.containsKey("content-length")) {
      throw new ProtocolException("both a length and a transfer encoding");
    }
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

  private long length() throws ProtocolException {
    String length = headers.get("content-length");
    return length == null ? -1 : number(length, 10);
  }

  /// At most fifteen digits, so that nothing overflows.
  private static long number(String digits, int radix) throws ProtocolException {
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

  int status() {
    return status;
  }

  /// The header's value, several joined by commas.
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// What ends it before its time.
  Cancellation cancellation() {
    return cancellation;
  }

  /// Whether its own end is told from that of the connection, which may break.
  boolean tellsItsEnd() {
    return chunked || headers.containsKey("content-length");
  }

  /// Puts at least one byte of the body into the buffer, or returns -1 at its end.
  int read(ByteBuffer into) throws IOException {
    if (chunked && remaining == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = connection.read(into, remaining < 0 ? Long.MAX_VALUE : remaining);
    if (count < 0) {
      if (remaining >= 0) {
        throw new EOFException("the server closed the connection inside an answer");
      }
      ended = true;
      cancellation.detach();
      connection.abort();
      return -1;
    }
    if (remaining >= 0) {
      remaining -= count;
      if (remaining == 0) {
        endOfPart();
      }
    }
    return count;
  }

  private void endOfPart() throws IOException {
    if (chunked) {
      if (!connection.line(2).isEmpty()) {
        throw new ProtocolException("a chunk that does not end where it should");
      }
    } else {
      end();
    }
  }

  private void nextChunk() throws IOException {
    String line = connection.line(MAX_CHUNK_LINE_BYTES);
    int semicolon = line.indexOf(';');
    remaining = number((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
    if (remaining == 0) {
      headers(connection);
      end();
    }
  }

  private void end() {
    ended = true;
    cancellation.detach();
    if (persistent && !connection.hasLeftovers()) {
      pool.giveBack(connection);
    } else {
      connection.abort();
    }
  }

  /// Gives up what was not read.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      cancellation.detach();
      connection.abort();
    }
  }
}
