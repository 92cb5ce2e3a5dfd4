package io.sealift.registry;

/// The versions of HTTP that are spoken, and what they are called where TLS agrees on one (ALPN).
enum HttpVersion {
  HTTP_1_1("http/1.1"),
  HTTP_2("h2");

  private final String alpn;

  HttpVersion(String alpn) {
    this.alpn = alpn;
  }

  String alpn() {
    return alpn;
  }

  /// How it is spoken over a connection.
  Protocol over(Connection connection) {
    return this == HTTP_2 ? new Http2(connection) : new Http1(connection);
  }
}
