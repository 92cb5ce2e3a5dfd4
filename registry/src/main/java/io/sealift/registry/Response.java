package io.sealift.registry;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// The answer to one request: a status, headers, and a body that is read once. Used by one thread
/// until {@link #close}; a connection whose body was read to its end can serve again.
final class Response implements AutoCloseable {

  private final Connection connection;
  private final ConnectionPool pool;
  private final Cancellation cancellation;
  private final int status;
  private final Map<String, String> headers;
  private final Protocol.Body body;
  private boolean ended;

  /// @throws ProtocolException when the body does not come as it is; nothing else was asked for
  Response(
      Connection connection, ConnectionPool pool, Cancellation cancellation, Protocol.Reply reply)
      throws ProtocolException {
    this.connection = connection;
    this.pool = pool;
    this.cancellation = cancellation;
    this.status = reply.status();
    this.headers = reply.headers();
    this.body = reply.body();
    String encoding = headers.getOrDefault("content-encoding", "");
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw new ProtocolException("a content encoding that was not asked for");
    }
    if (body.isOver()) {
      end();
    }
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
    return body.tellsItsEnd();
  }

  /// Puts at least one byte of the body into the buffer, or returns -1 at its end.
  int read(ByteBuffer into) throws IOException {
    if (ended) {
      return -1;
    }
    int count = body.read(into);
    if (body.isOver()) {
      end();
    }
    return count;
  }

  private void end() {
    ended = true;
    cancellation.detach();
    if (body.leavesConnection()) {
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
