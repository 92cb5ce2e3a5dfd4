package io.sealift.registry;

import io.sealift.registry.proxy.Proxies;
import io.sealift.registry.proxy.Proxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Connections, those in use and those that wait for their next request. Thread-safe; {@link
/// #close} ends all of them.
final class ConnectionPool implements AutoCloseable {

  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Watchdog watchdog = new Watchdog();
  private final Trust trust;
  private final Proxies proxies;
  private final Timeouts timeouts;
  private boolean closed;

  ConnectionPool(Trust trust, Proxies proxies, Timeouts timeouts) {
    this.trust = trust;
    this.proxies = proxies;
    this.timeouts = timeouts;
  }

  /// Where a connection comes from when none waits.
  interface Addresses {
    InetAddress[] of(Endpoint endpoint) throws IOException;
  }

  /// Sends a request and reads the head of its answer. A waiting connection may have been closed by
  /// the server meanwhile; then a new one takes its place.
  Response exchange(
      Endpoint endpoint, byte[] request, Addresses addresses, Cancellation cancellation)
      throws IOException {
    Connection waiting = take(endpoint);
    if (waiting != null) {
      try {
        return exchange(waiting, request.clone(), cancellation);
      } catch (InterruptedIOException | StalledException | ProtocolException notStale) {
        throw notStale;
      } catch (IOException stale) {
        if (waiting.answered() || cancellation.isCancelled()) {
          throw stale;
        }
      }
    }
    return exchange(connect(endpoint, addresses, cancellation), request, cancellation);
  }

  /// The proxy that leads to a server; null to speak to it directly.
  @Nullable Proxy proxy(Endpoint endpoint) {
    return proxies.leadingTo(endpoint.tls(), endpoint.host(), endpoint.port()).orElse(null);
  }

  private Response exchange(Connection connection, byte[] request, Cancellation cancellation)
      throws IOException {
    cancellation.attach(connection);
    try {
      connection.send(request);
      return Response.read(connection, this, cancellation);
    } catch (IOException | RuntimeException failed) {
      connection.abort();
      throw failed;
    }
  }

  /// Tries all addresses of a server, or of the proxy that leads to it, in order.
  private Connection connect(Endpoint endpoint, Addresses addresses, Cancellation cancellation)
      throws IOException {
    Proxy proxy = proxy(endpoint);
    IOException last = null;
    for (InetAddress address : proxy == null ? addresses.of(endpoint) : lookUp(proxy)) {
      Connection connection = new Connection(endpoint, timeouts, watchdog);
      cancellation.attach(connection);
      try {
        connection.connect(address, trust, proxy);
        return connection;
      } catch (InterruptedIOException | RefusedException | UnreachableException lasting) {
        throw lasting;
      } catch (ConnectException | NoRouteToHostException failed) {
        String to = proxy == null ? "" : " to the proxy " + proxy;
        last = new UnreachableException("no connection" + to + ", " + failed.getMessage(), failed);
      } catch (IOException failed) {
        last = failed;
      }
    }
    throw last == null ? new IOException("no address") : last;
  }

  private static InetAddress[] lookUp(Proxy proxy) throws UnreachableException {
    try {
      return InetAddress.getAllByName(proxy.host());
    } catch (UnknownHostException unknown) {
      throw new UnreachableException("no such host: the proxy " + proxy, unknown);
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

  /// The connection can serve again.
  synchronized void giveBack(Connection connection) {
    if (closed) {
      connection.abort();
    } else {
      idle.push(connection);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.clear();
    watchdog.close();
  }
}
