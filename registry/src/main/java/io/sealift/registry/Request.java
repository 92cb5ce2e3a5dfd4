package io.sealift.registry;

import io.sealift.registry.proxy.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is asked of a server, whatever version of HTTP says it.
///
/// @param headers besides those that every request has
/// @param body empty for none; stays the caller's
/// @param proxy that leads to the server; it takes whole requests for servers without TLS, and is
///   told who asks with each
@SuppressWarnings("ArrayRecordComponent")
record Request(
    String method, Location at, Map<String, String> headers, byte[] body, @Nullable Proxy proxy) {

  /// Who asks.
  static final String USER_AGENT = "sealift/0.1";

  private static final byte[] NO_BODY = {};

  static Request get(Location at, Map<String, String> headers, @Nullable Proxy proxy) {
    return new Request("GET", at, headers, NO_BODY, proxy);
  }

  /// Everything that is said about it besides what and to whom.
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("User-Agent", USER_AGENT);
    // A server may compress for whoever does not say this (RFC 9110, 12.5.3).
    fields.put("Accept-Encoding", "identity");
    Proxy told = told();
    if (told != null) {
      told.authorization().ifPresent(value -> fields.put("Proxy-Authorization", value));
    }
    fields.putAll(headers);
    if (body.length > 0) {
      fields.put("Content-Length", Integer.toString(body.length));
    }
    return fields;
  }

  private @Nullable Proxy told() {
    return at.endpoint().tls() ? null : proxy;
  }

  /// All of it as HTTP/1.1 says it (RFC 9112, 3). The caller overwrites it, since it may hold a
  /// secret.
  byte[] inHttp1() {
    StringBuilder head = new StringBuilder(512);
    head.append(method).append(' ');
    if (told() != null) {
      head.append(at.endpoint());
    }
    head.append(at.target()).append(" HTTP/1.1\r\nHost: ").append(at.endpoint().authority());
    fields().forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    byte[] bytes = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] request = Arrays.copyOf(bytes, bytes.length + body.length);
    System.arraycopy(body, 0, request, bytes.length, body.length);
    Arrays.fill(bytes, (byte) 0);
    return request;
  }
}
