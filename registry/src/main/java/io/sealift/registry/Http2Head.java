package io.sealift.registry;

import io.sealift.registry.http2.HeaderReader;
import java.net.ProtocolException;
import java.util.HashMap;
import java.util.Map;

/// The status and the headers of an answer (RFC 9113, 8.2 and 8.3).
final class Http2Head implements HeaderReader.Sink {

  private final Map<String, String> headers = new HashMap<>();
  private int lines;
  private int status = -1;

  @Override
  public void header(String name, String value) throws ProtocolException {
    if (++lines > Protocol.MAX_LINES) {
      throw new ProtocolException("more than " + Protocol.MAX_LINES + " headers");
    }
    if (name.length() + value.length() > Protocol.MAX_LINE_BYTES) {
      throw new ProtocolException("a line of more than " + Protocol.MAX_LINE_BYTES + " bytes");
    }
    if (name.startsWith(":")) {
      if (!name.equals(":status") || lines > 1 || value.length() != 3) {
        throw new ProtocolException("an answer of HTTP/2 without a proper status");
      }
      status = (int) Http1.number(value, 10);
      return;
    }
    if (name.isEmpty() || !name.chars().allMatch(Http2Head::isOfName)) {
      throw new ProtocolException("a header without a proper name");
    }
    if (value.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n')) {
      throw new ProtocolException("a header with more than one line");
    }
    if (name.equals("transfer-encoding") || name.equals("connection")) {
      throw new ProtocolException("a header of HTTP/1.1 in HTTP/2: " + name);
    }
    headers.merge(name, value.strip(), (first, second) -> first + ", " + second);
  }

  private static boolean isOfName(int c) {
    return c > ' ' && c < 0x7f && c != ':' && !(c >= 'A' && c <= 'Z');
  }

  /// The number of it, which comes before everything else.
  int status() throws ProtocolException {
    if (status < 100) {
      throw new ProtocolException("an answer of HTTP/2 without a proper status");
    }
    return status;
  }

  /// By their names in lower case; the values of one name joined by commas.
  Map<String, String> headers() {
    return headers;
  }
}
