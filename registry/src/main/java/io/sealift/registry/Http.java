package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/// Gets things from servers, following redirects by rules of its own: never from HTTPS to HTTP,
/// never with credentials to another server, never into this machine or its link unless the server
/// is there too.
final class Http {

  /// Redirects in a row; registries need one or two.
  private static final int MAX_REDIRECTS = 10;

  static final String AUTHORIZATION = "Authorization";

  private final ConnectionPool pool;

  Http(ConnectionPool pool) {
    this.pool = pool;
  }

  /// Gets an answer that is no redirect, whatever its status. The caller closes it.
  ///
  /// @throws TransferException passing when the connection failed
  Response get(Location location, Map<String, String> headers)
      throws ImageException, InterruptedIOException {
    Location at = location;
    Map<String, String> sent = headers;
    for (int redirects = 0; ; redirects++) {
      Response response = once(at, location, sent);
      String target = response.header("location").orElse(null);
      if (!isRedirect(response.status()) || target == null) {
        return response;
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
        sent.remove(AUTHORIZATION);
      }
      at = next;
    }
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private Response once(Location at, Location origin, Map<String, String> headers)
      throws ImageException, InterruptedIOException {
    try {
      return pool.get(at, address(at, origin), headers);
    } catch (IOException failed) {
      throw failure("get " + at, failed);
    }
  }

  /// Looks the host up. A redirect must not lead to where only this machine can go.
  private static InetAddress address(Location at, Location origin)
      throws UnknownHostException, TransferException {
    InetAddress address = InetAddress.getByName(at.endpoint().host());
    boolean inside =
        address.isLoopbackAddress() || address.isAnyLocalAddress() || address.isLinkLocalAddress();
    if (inside && !at.endpoint().equals(origin.endpoint())) {
      InetAddress first = InetAddress.getByName(origin.endpoint().host());
      if (!first.isLoopbackAddress() || address.isLinkLocalAddress()) {
        throw TransferException.lasting(
            "get %s: redirected to %s, an address of this machine or its link"
                .formatted(origin, at),
            null);
      }
    }
    return address;
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
      throw failure("read " + subject, failed);
    }
  }

  /// Reads a short body that nobody wants, so that its connection can serve again.
  static void discard(Response response) throws ImageException, InterruptedIOException {
    try (response) {
      ByteBuffer scrap = ByteBuffer.allocate(8 * 1024);
      while (scrap.hasRemaining() && response.read(scrap) >= 0) {}
    } catch (IOException failed) {
      throw failure("read a short answer", failed);
    }
  }

  /// What a failed exchange means.
  ///
  /// @return a failure to throw; an interruption is thrown here
  static TransferException failure(String operation, IOException failed)
      throws InterruptedIOException {
    if (failed instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      InterruptedIOException cancelled = new InterruptedIOException("cancelled");
      cancelled.initCause(failed);
      throw cancelled;
    }
    String reason =
        switch (failed) {
          case SocketTimeoutException slow -> "timed out";
          case UnknownHostException unknown -> "no such host";
          default -> String.valueOf(failed.getMessage());
        };
    String message = operation + ": " + reason;
    // A certificate does not get better, and neither does a name within seconds.
    return failed instanceof SSLException || failed instanceof UnknownHostException
        ? TransferException.lasting(message, failed)
        : TransferException.passing(message, failed);
  }
}
