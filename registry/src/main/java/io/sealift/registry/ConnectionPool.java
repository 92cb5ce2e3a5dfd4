package io.sealift.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Connections that wait for their next request. Thread-safe; {@link #close} closes those that
/// wait.
final class ConnectionPool implements AutoCloseable {

  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Trust trust;
  private final Duration timeout;
  private boolean closed;

  ConnectionPool(Trust trust, Duration timeout) {
    this.trust = trust;
    this.timeout = timeout;
  }

  /// Sends a request and reads the head of its answer. A waiting connection may have been closed by
  /// the server meanwhile; then a new one takes its place.
  Response get(Location location, InetAddress address, Map<String, String> headers)
      throws IOException {
    Connection waiting = take(location.endpoint());
    if (waiting != null) {
      try {
        return exchange(waiting, location, headers);
      } catch (java.net.SocketTimeoutException slow) {
        throw slow;
      } catch (IOException stale) {
        if (Thread.currentThread().isInterrupted()) {
          throw stale;
        }
      }
    }
    return exchange(
        Connection.open(location.endpoint(), address, trust, timeout), location, headers);
  }

  private Response exchange(Connection connection, Location location, Map<String, String> headers)
      throws IOException {
    try {
      connection.send(location.target(), headers);
      return Response.read(connection, this);
    } catch (IOException | RuntimeException failed) {
      connection.close();
      throw failed;
    }
  }

  private synchronized @Nullable Connection take(Endpoint endpoint) {
    for (Connection connection : idle) {
      if (connection.endpoint().equals(endpoint)) {
        idle.remove(connection);
        return connection;
      }
    }
    return null;
  }

  synchronized void giveBack(Connection connection) {
    if (closed) {
      connection.close();
    } else {
      idle.push(connection);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Connection::close);
    idle.clear();
  }
}
