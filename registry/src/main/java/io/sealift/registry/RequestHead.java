package io.sealift.registry;

import io.sealift.registry.proxy.Proxy;
import org.jspecify.annotations.Nullable;

/// The beginning of every request: its first line, to whom it goes, and from whom it comes.
final class RequestHead {

  private RequestHead() {}

  /// @param proxy that leads to the server; it takes whole requests for servers without TLS, and is
  ///   told who asks with each
  static StringBuilder of(String method, Location at, @Nullable Proxy proxy) {
    StringBuilder head = new StringBuilder(512);
    Proxy told = at.endpoint().tls() ? null : proxy;
    head.append(method).append(' ').append(told == null ? "" : at.endpoint()).append(at.target());
    head.append(" HTTP/1.1\r\nHost: ").append(at.endpoint().authority());
    head.append("\r\nUser-Agent: sealift/0.1\r\n");
    if (!method.equals("CONNECT")) {
      // A server may compress for whoever does not say this (RFC 9110, 12.5.3).
      head.append("Accept-Encoding: identity\r\n");
    }
    if (told != null) {
      told.authorization()
          .ifPresent(value -> head.append("Proxy-Authorization: ").append(value).append("\r\n"));
    }
    return head;
  }
}
