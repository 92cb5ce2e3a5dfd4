package io.sealift.registry;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.UNIX;

import io.sealift.registry.proxy.Proxies;
import io.sealift.registry.proxy.Proxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Connections, those in use and those that wait for their next request. Thread-safe; {@link
/// #close} ends all of them.
final class ConnectionPool implements AutoCloseable {

  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Watchdog watchdog = new Watchdog();
  private final Trust trust;
  private final Proxies proxies;
  private final Timeouts timeouts;
  private final Turns turns;
  private final @Nullable Local local;
  private final LongAdder received = new LongAdder();
  private final Set<Endpoint> http2Alone = ConcurrentHashMap.newKeySet();
  private boolean closed;

  ConnectionPool(
      Trust trust, Proxies proxies, @Nullable Local local, Timeouts timeouts, Turns turns) {
    this.turns = turns;
    this.local = local;
    this.trust = trust;
    this.proxies = proxies;
    this.timeouts = timeouts;
  }

  /// A server that is behind a Unix socket of this machine instead of on the network.
  record Local(Endpoint server, Path socket) {}

  /// Where a connection comes from when none waits.
  interface Addresses {
    InetAddress[] of(Endpoint endpoint) throws IOException;
  }

  /// Sends a request and reads the head of its answer. HTTP/2 is for servers that have nothing
  /// else.
  Response exchange(Request request, Addresses addresses, Cancellation cancellation)
      throws IOException {
    Endpoint server = request.at().endpoint();
    HttpVersion first = http2Alone.contains(server) ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    try {
      return exchange(request, first, addresses, cancellation);
    } catch (OtherVersionException other) {
      if (first == HttpVersion.HTTP_2) {
        http2Alone.remove(server);
        throw other.ifNeither();
      }
      return inHttp2(request, addresses, cancellation, other);
    }
  }

  private Response inHttp2(
      Request request, Addresses addresses, Cancellation cancellation, OtherVersionException why)
      throws IOException {
    try {
      Response response = exchange(request, HttpVersion.HTTP_2, addresses, cancellation);
      http2Alone.add(request.at().endpoint());
      return response;
    } catch (OtherVersionException neither) {
      throw why.ifNeither();
    }
  }

  /// A waiting connection may have been closed by the server meanwhile; then a new one takes its
  /// place.
  private Response exchange(
      Request request, HttpVersion version, Addresses addresses, Cancellation cancellation)
      throws IOException {
    Endpoint endpoint = request.at().endpoint();
    Turns.Turn turn = turns.take(endpoint, cancellation);
    Connection waiting = take(endpoint);
    if (waiting != null) {
      waiting.hold(turn);
      try {
        return exchange(waiting, request, cancellation);
      } catch (Http2Link.UnprocessedException elsewhere) {
        // A new connection leads to the server, or to another one in its place.
      } catch (InterruptedIOException | StalledException | ProtocolException notStale) {
        throw notStale;
      } catch (IOException stale) {
        if (waiting.answered() || cancellation.isCancelled()) {
          throw stale;
        }
      }
      turn = turns.take(endpoint, cancellation);
    }
    Connection made = null;
    try {
      made = connect(endpoint, version, addresses, cancellation);
      made.hold(turn);
    } finally {
      if (made == null) {
        turn.close();
      }
    }
    return exchange(made, request, cancellation);
  }

  /// Bytes that came so far, over all connections.
  long received() {
    return received.sum();
  }

  /// Whether all servers that were spoken to with TLS so far proved who they are.
  boolean isProved() {
    return trust.isProved();
  }

  /// Work with these connections; each part of it has the time that the time-outs give it.
  Cancellation work() {
    return new Cancellation(watchdog, timeouts.total());
  }

  /// The proxy that leads to a server; null to speak to it directly.
  @Nullable Proxy proxy(Endpoint endpoint) {
    return isLocal(endpoint)
        ? null
        : proxies.leadingTo(endpoint.tls(), endpoint.host(), endpoint.port()).orElse(null);
  }

  private Response exchange(Connection connection, Request request, Cancellation cancellation)
      throws IOException {
    cancellation.attach(connection);
    try {
      return new Response(connection, this, cancellation, connection.protocol().ask(request));
    } catch (IOException | RuntimeException failed) {
      connection.abort();
      throw failed;
    }
  }

  private boolean isLocal(Endpoint endpoint) {
    return local != null && local.server().equals(endpoint);
  }

  /// Tries all addresses of a server, or of what leads to it, in order.
  private Connection connect(
      Endpoint endpoint, HttpVersion version, Addresses addresses, Cancellation cancellation)
      throws IOException {
    if (local != null && isLocal(endpoint)) {
      SocketAddress socket = UnixDomainSocketAddress.of(local.socket());
      try {
        return connect(endpoint, version, UNIX, socket, null, cancellation);
      } catch (SocketException failed) {
        throw new UnreachableException(
            "no connection to the socket %s, %s".formatted(local.socket(), failed.getMessage()),
            failed);
      }
    }
    Proxy proxy = proxy(endpoint);
    int port = proxy == null ? endpoint.port() : proxy.port();
    IOException last = null;
    for (InetAddress address : proxy == null ? addresses.of(endpoint) : lookUp(proxy)) {
      try {
        InetSocketAddress at = new InetSocketAddress(address, port);
        return connect(endpoint, version, INET, at, proxy, cancellation);
      } catch (InterruptedIOException
          | OtherVersionException
          | RefusedException
          | StrangerException
          | UnreachableException lasting) {
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

  private Connection connect(
      Endpoint endpoint,
      HttpVersion version,
      ProtocolFamily family,
      SocketAddress address,
      @Nullable Proxy proxy,
      Cancellation cancellation)
      throws IOException {
    Connection connection = new Connection(endpoint, version, family, timeouts, watchdog, received);
    cancellation.attach(connection);
    connection.connect(address, trust, proxy);
    return connection;
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
      connection.rest();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.clear();
    watchdog.close();
  }
}
