package io.sealift.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Tells PEM (RFC 7468) from DER.
final class Pem {
  private Pem() {}

  static boolean isPem(byte[] bytes) {
    return new String(bytes, ISO_8859_1).contains("-----BEGIN ");
  }
}
