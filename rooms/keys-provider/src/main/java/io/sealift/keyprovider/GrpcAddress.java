package io.sealift.keyprovider;

/// Where a service over gRPC is: `host:port`, with `http://` or `tcp://` before it or not, as
/// ocicrypt's two libraries write it.
///
/// @param host without brackets
record GrpcAddress(String host, int port) {

  /// @throws IllegalArgumentException when it is none, with the reason
  static GrpcAddress parse(String text) {
    String rest = text;
    for (String prefix : new String[] {"http://", "tcp://"}) {
      if (text.startsWith(prefix)) {
        rest = text.substring(prefix.length());
      }
    }
    int colon = rest.lastIndexOf(':');
    String host = colon < 0 ? "" : rest.substring(0, colon);
    String port = rest.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean sound =
        bare.matches(bracketed ? "[0-9a-fA-F:.]+" : "[A-Za-z0-9._-]+")
            && port.matches("[0-9]{1,5}")
            && Integer.parseInt(port) >= 1
            && Integer.parseInt(port) <= 65_535;
    if (!sound) {
      throw new IllegalArgumentException("'%s' is no address, expected HOST:PORT".formatted(text));
    }
    return new GrpcAddress(bare, Integer.parseInt(port));
  }
}
