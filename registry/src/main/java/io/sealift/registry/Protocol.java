package io.sealift.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// A version of HTTP over one connection: a request, its answer, the next request. Used by one
/// thread at a time.
sealed interface Protocol permits Http1, Http2 {

  /// Header lines of an answer; registries behind proxies send some thirty.
  int MAX_LINES = 128;

  /// Bytes of one of them.
  int MAX_LINE_BYTES = 16 * 1024;

  /// Provisional answers before the real one; `100` and `103` are seen, once each.
  int MAX_PROVISIONAL = 8;

  /// Sends a request and reads the head of its answer.
  ///
  /// @throws OtherVersionException when the server does not speak this version
  /// @throws java.net.ProtocolException when it answers with nonsense
  Reply ask(Request request) throws IOException;

  /// The head of an answer, and its body.
  ///
  /// @param headers by their names in lower case; the values of one name joined by commas
  record Reply(int status, Map<String, String> headers, Body body) {}

  /// The body of an answer.
  interface Body {

    /// Puts at least one byte of it into the buffer, or returns -1 at its end.
    ///
    /// @throws java.io.EOFException when it ends before its end
    int read(ByteBuffer into) throws IOException;

    /// Whether all of it was read.
    boolean isOver();

    /// Whether the connection can serve again when all of it was read.
    boolean leavesConnection();

    /// Whether its own end is told from that of the connection, which may break.
    boolean tellsItsEnd();
  }
}
