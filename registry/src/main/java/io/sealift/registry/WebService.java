package io.sealift.registry;

import io.sealift.failure.ImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;

/// A web service that is no registry, such as a key broker, asked with whole messages. Nothing is
/// tried again and no redirect is followed: what is sent is for this server alone. From {@link
/// RegistryClient#service} until {@link #close}, which also ends what is still being asked.
/// Thread-safe.
public final class WebService implements AutoCloseable {

  private final Location base;
  private final ConnectionPool pool;
  private final Cancellation closing;

  WebService(Location base, ConnectionPool pool) {
    this.base = base;
    this.pool = pool;
    this.closing = pool.work();
  }

  /// An answer, whatever its status.
  ///
  /// @param cookie the value of the header `Set-Cookie`
  /// @param body the receiver's own
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, Optional<String> cookie, byte[] body) {}

  /// Sends a request and reads the answer whole.
  ///
  /// @param path what follows the base, with a slash before it
  /// @param headers without those about the body's length
  /// @param body empty for none; stays the caller's
  /// @param maxBytes what the answer may have; more is refused
  /// @throws io.sealift.failure.TransferException when no answer came
  public Answer send(
      String method, String path, Map<String, String> headers, byte[] body, int maxBytes)
      throws ImageException, InterruptedIOException {
    Location at = new Location(base.endpoint(), withoutSlash(base.target()) + path);
    String subject = "%s %s".formatted(method, at);
    Cancellation cancellation = closing.part();
    try (cancellation) {
      headers.values().forEach(WebService::requirePrintable);
      Request request = new Request(method, at, headers, body, pool.proxy(at.endpoint()));
      Response response = pool.exchange(request, Http::lookUp, cancellation);
      int status = response.status();
      Optional<String> cookie = response.header("set-cookie");
      return new Answer(status, cookie, Http.body(response, subject, maxBytes));
    } catch (IOException failed) {
      throw Http.failure(subject, failed, cancellation);
    }
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /// No value ends its line.
  private static void requirePrintable(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) >= 0x7f) {
        throw new IllegalArgumentException("not the value of a header");
      }
    }
  }

  @Override
  public void close() {
    closing.cancel();
    pool.close();
  }
}
