package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.TransferException;
import java.net.URI;
import java.net.URISyntaxException;

/// Something on a server: an endpoint, and a path with an optional query as a request line has it.
record Location(Endpoint endpoint, String target) {

  /// Characters of a URL; signed ones of storage services have two thousand.
  private static final int MAX_LENGTH = 16 * 1024;

  Location {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
        throw new IllegalArgumentException("not the target of a request");
      }
    }
  }

  /// Reads an absolute URL, as a user or a setting gave it.
  static Location of(URI url) throws BadReferenceException {
    try {
      return read(url);
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      // The text may hold a secret.
      throw new BadReferenceException(
          "fetch %s://%s: expected a sound URL of http or https without a user"
              .formatted(url.getScheme(), url.getHost()));
    }
  }

  /// Reads an absolute URL, or one relative to this location, as a server gave it.
  Location resolve(String url) throws TransferException {
    try {
      if (url.length() > MAX_LENGTH) {
        throw new URISyntaxException("", "more than " + MAX_LENGTH + " characters");
      }
      return read(new URI(endpoint + target).resolve(new URI(url)));
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      // The text may hold a signature, so neither it nor the cause that quotes it is passed on.
      throw TransferException.lasting(
          "follow a URL that %s gave: expected a sound one of http or https without a user"
              .formatted(endpoint),
          null);
    }
  }

  private static Location read(URI uri) throws URISyntaxException {
    String scheme = String.valueOf(uri.getScheme());
    boolean tls = scheme.equalsIgnoreCase("https");
    if ((!tls && !scheme.equalsIgnoreCase("http"))
        || uri.getHost() == null
        || uri.getRawUserInfo() != null) {
      throw new URISyntaxException("", "expected http or https and a host");
    }
    String host = uri.getHost();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Location(new Endpoint(tls, bare, port), new URI(path + query).toASCIIString());
  }

  /// Without the query, which may hold a signature.
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return endpoint + (query < 0 ? target : target.substring(0, query));
  }
}
