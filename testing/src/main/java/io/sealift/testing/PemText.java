package io.sealift.testing;

import java.util.Base64;

/// Writes PEM (RFC 7468).
public final class PemText {
  private PemText() {}

  /// @param label such as `PUBLIC KEY`
  public static String of(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }
}
