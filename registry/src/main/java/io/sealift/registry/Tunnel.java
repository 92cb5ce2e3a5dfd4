package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.registry.proxy.Proxy;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/// What is said to a forward proxy (RFC 9110 §9.3.6, RFC 9112 §3.2.2).
final class Tunnel {

  private Tunnel() {}

  static AuthenticationException unknownHere(Proxy proxy, String operation) {
    return new AuthenticationException(
        "%s: the proxy %s wants credentials; put them into its URL: http://USER:PASSWORD@HOST"
            .formatted(operation, proxy));
  }

  /// Has the proxy that a connection leads to connect it on to a server.
  static void open(Connection connection, Proxy proxy, Endpoint server) throws IOException {
    String host = server.host().indexOf(':') >= 0 ? "[" + server.host() + "]" : server.host();
    String authority = host + ":" + server.port();
    String request =
        "CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n%s\r\n"
            .formatted(
                authority,
                authority,
                Request.USER_AGENT,
                proxy
                    .authorization()
                    .map(value -> "Proxy-Authorization: " + value + "\r\n")
                    .orElse(""));
    connection.write(request.getBytes(StandardCharsets.US_ASCII));
    int status = Http1.readHead(connection);
    if (status / 100 == 2) {
      if (connection.hasLeftovers()) {
        throw new ProtocolException("the proxy " + proxy + " said more than was asked");
      }
      return;
    }
    String operation = "connect to " + server;
    if (status == 407 || status == 401) { // the latter by tinyproxy, for a wrong password
      throw new RefusedException(unknownHere(proxy, operation));
    }
    String message = "the proxy %s answered with status %d".formatted(proxy, status);
    throw switch (status) {
      case 408, 429, 500, 502, 503, 504 -> new IOException(message);
      default -> new ProtocolException(message + "; let it connect there, or name it in no_proxy");
    };
  }
}
