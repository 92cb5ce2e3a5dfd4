package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Reference;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A server: how to speak to it, its host without brackets, and its port.
record Endpoint(boolean tls, String host, int port) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /// Where Docker Hub's registry really is.
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  Endpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    host = host.toLowerCase(Locale.ROOT);
  }

  /// The registry that a reference names.
  static Endpoint of(Reference reference, boolean plainHttp) throws BadReferenceException {
    String domain = reference.domain();
    if (domain.equals(Reference.DOCKER_HUB)) {
      return new Endpoint(true, DOCKER_HUB_HOST, HTTPS_PORT);
    }
    int colon = domain.lastIndexOf(':');
    boolean hasPort = colon > domain.lastIndexOf(']');
    String host = hasPort ? domain.substring(0, colon) : domain;
    int port =
        hasPort ? port(domain.substring(colon + 1), domain) : plainHttp ? HTTP_PORT : HTTPS_PORT;
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new Endpoint(!plainHttp, bare, port);
  }

  private static int port(String digits, String domain) throws BadReferenceException {
    int port = digits.length() > 5 ? -1 : Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw new BadReferenceException(
          "open registry %s: expected a port from 1 to 65535".formatted(domain));
    }
    return port;
  }

  /// The value of a `Host` header.
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? HTTPS_PORT : HTTP_PORT) ? name : name + ":" + port;
  }

  // Written out: the first generated one of a process costs it 15 ms, which no cache of the JVM
  // saves.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint endpoint
        && tls == endpoint.tls
        && port == endpoint.port
        && host.equals(endpoint.host);
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority();
  }
}
