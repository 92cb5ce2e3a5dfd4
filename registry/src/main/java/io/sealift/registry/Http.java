package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.registry.proxy.Proxy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gets things from servers on behalf of one registry, following redirects by rules of its own:
/// never from HTTPS to HTTP, never with credentials to another server, never into this machine or
/// its link unless the registry is there too.
final class Http {

  /// Redirects in a row; registries need one or two.
  private static final int MAX_REDIRECTS = 10;

  static final String AUTHORIZATION = "Authorization";

  /// What another server may see of what was meant for the first one.
  private static final Set<String> ABOUT_CONTENT = Set.of("Accept", "Range", "If-Range");

  /// The last part of a host that programs take for an address of IPv4.
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

  private final ConnectionPool pool;
  private final Endpoint registry;

  /// @param registry the server that the user named, which may be anywhere
  Http(ConnectionPool pool, Endpoint registry) {
    this.pool = pool;
    this.registry = registry;
  }

  /// Whether the registry speaks TLS and has always proved who it is.
  boolean isRegistryProved() {
    return registry.tls() && pool.isProved();
  }

  /// An answer and the server that it came from, after redirects.
  record Answer(Response response, Endpoint server) {}

  /// Gets an answer that is no redirect, whatever its status. The caller closes it.
  ///
  /// @throws TransferException passing when the connection failed
  Answer get(Location location, Map<String, String> headers, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Location at = location;
    Map<String, String> sent = headers;
    for (int redirects = 0; ; redirects++) {
      Response response = exchange(Request.get(at, sent, pool.proxy(at.endpoint())), cancellation);
      String target = response.header("location").orElse(null);
      if (!isRedirect(response.status()) || target == null) {
        return new Answer(response, at.endpoint());
      }
      discard(response);
      if (redirects == MAX_REDIRECTS) {
        throw TransferException.lasting(
            "get %s: more than %d redirects".formatted(location, MAX_REDIRECTS), null);
      }
      Location next = at.resolve(target);
      if (at.endpoint().tls() && !next.endpoint().tls()) {
        throw TransferException.lasting(
            "get %s: redirected from HTTPS to %s, which is not".formatted(location, next), null);
      }
      if (!next.endpoint().equals(at.endpoint())) {
        sent = new HashMap<>(sent);
        sent.keySet().retainAll(ABOUT_CONTENT);
      }
      at = next;
    }
  }

  /// Sends a form, which is never sent on: it may hold a secret. The caller closes the answer.
  Response post(Location location, String form, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Request request =
        new Request(
            "POST",
            location,
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.US_ASCII),
            pool.proxy(location.endpoint()));
    return exchange(request, cancellation);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private Response exchange(Request request, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Location at = request.at();
    Endpoint server = at.endpoint();
    Proxy proxy = request.proxy();
    try {
      if (proxy != null && !server.equals(registry)) {
        refuseLocalLiteral(server);
      }
      Response response = pool.exchange(request, this::addresses, cancellation);
      if (proxy != null && !server.tls() && response.status() == 407) {
        discard(response);
        throw Tunnel.unknownHere(proxy, "get " + at);
      }
      return response;
    } catch (IOException failed) {
      throw failure("get " + at, failed, cancellation);
    }
  }

  /// A proxy looks names up itself; an address it would connect to as it stands.
  private void refuseLocalLiteral(Endpoint server) throws IOException {
    String last = server.host().substring(server.host().lastIndexOf('.') + 1);
    if (server.host().indexOf(':') >= 0 || NUMBER.matcher(last).matches()) {
      try {
        InetAddress.ofLiteral(server.host());
      } catch (IllegalArgumentException otherForm) {
        throw new ProtocolException(registry + " leads to " + server + ", an odd form of address");
      }
      addresses(server);
    }
  }

  /// Looks a server up. Where the registry sends us must not be where only this machine can go.
  private InetAddress[] addresses(Endpoint server) throws IOException {
    InetAddress[] addresses = lookUp(server);
    if (server.equals(registry)) {
      return addresses;
    }
    for (InetAddress address : addresses) {
      boolean local = address.isLoopbackAddress() || address.isAnyLocalAddress();
      if (address.isLinkLocalAddress() || (local && !lookUp(registry)[0].isLoopbackAddress())) {
        throw new ProtocolException(
            registry + " leads to " + server + ", an address of this machine or its link");
      }
    }
    return addresses;
  }

  static InetAddress[] lookUp(Endpoint server) throws UnreachableException {
    try {
      return InetAddress.getAllByName(server.host());
    } catch (UnknownHostException unknown) {
      throw new UnreachableException("no such host", unknown);
    }
  }

  /// Reads a body whole and closes the answer.
  ///
  /// @throws UnsafeContentException when it has more than `maxBytes`
  static byte[] body(Response response, String subject, int maxBytes)
      throws ImageException, InterruptedIOException {
    try (response) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * 1024);
      while (response.read(bytes) >= 0) {
        if (bytes.position() > maxBytes) {
          throw new UnsafeContentException(
              "read %s: more than the %d bytes allowed".formatted(subject, maxBytes));
        }
        if (!bytes.hasRemaining()) {
          bytes = ByteBuffer.allocate(bytes.capacity() * 2).put(bytes.flip());
        }
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    } catch (IOException failed) {
      throw failure("read " + subject, failed, response.cancellation());
    }
  }

  /// Reads a short body that nobody wants, so that its connection can serve again.
  static void discard(Response response) throws InterruptedIOException {
    try (response) {
      ByteBuffer scrap = ByteBuffer.allocate(8 * 1024);
      while (scrap.hasRemaining() && response.read(scrap) >= 0) {}
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException unwanted) {
      // Without the rest of an answer that nobody wants, only a new connection has to be made.
      return;
    }
  }

  /// What a failed exchange means.
  ///
  /// @return a failure to throw; an interruption is thrown here
  static ImageException failure(String operation, IOException failed, @Nullable Cancellation by)
      throws InterruptedIOException {
    if (failed instanceof InterruptedIOException interrupted) {
      throw interrupted;
    }
    if (by != null && by.isCancelled()) {
      return TransferException.lasting(operation + ": " + by.why(), failed);
    }
    if (failed instanceof RefusedException refused) {
      return refused.reason();
    }
    String message = operation + ": " + failed.getMessage();
    if (failed instanceof StrangerException) {
      return new AuthenticationException(message, failed);
    }
    boolean refused =
        failed instanceof UnreachableException && failed.getCause() instanceof SocketException;
    boolean lasting = failed instanceof ProtocolException || failed instanceof UnreachableException;
    return lasting && !refused
        ? TransferException.lasting(message, failed)
        : TransferException.passing(message, failed);
  }
}
