package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.source.Documents;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Map;

/// Files of web servers, fetched as blobs of registries are: with the same patience, certificates
/// and rules about redirects, but never with credentials.
final class WebDocuments implements Documents {

  /// Asks without any secret.
  private static final ErrorReport.Teller ANYBODY =
      new ErrorReport.Teller() {
        @Override
        public String redact(String words) {
          return words;
        }

        @Override
        public String remedy() {
          return "let everyone read it";
        }
      };

  private final ConnectionPool pool;
  private final Tries tries;
  private final Cancellation closing;

  WebDocuments(ConnectionPool pool, Tries tries) {
    this.pool = pool;
    this.closing = pool.work();
    this.tries = tries;
  }

  @Override
  public byte[] fetch(URI url, int maxBytes) throws ImageException, InterruptedIOException {
    Location location = Location.of(url);
    Http http = new Http(pool, location.endpoint());
    try (Cancellation cancellation = closing.part()) {
      return tries.run(
          () -> {
            Response response = http.get(location, Map.of(), cancellation).response();
            if (response.status() == 200) {
              return Http.body(response, location.toString(), maxBytes);
            }
            throw refusal(response, location);
          },
          cancellation);
    }
  }

  private static ImageException refusal(Response response, Location location)
      throws InterruptedIOException {
    int status = response.status();
    if (status == 401 || status == 403) {
      Http.discard(response);
      return new AuthenticationException(
          "fetch %s: status %d, expected 200, or 404 where there is none; %s"
              .formatted(location, status, ANYBODY.remedy()));
    }
    return ErrorReport.of(response, "fetch " + location, ANYBODY);
  }

  @Override
  public void close() {
    closing.cancel();
    pool.close();
  }
}
