package io.sealift.sigstore.crypto;

import java.util.Base64;

/// Bytes as text in formats of Sigstore: base64 with `+`, `/` and padding (RFC 4648, 4).
public final class Base64Text {

  private Base64Text() {}

  public static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Reads a text that is nothing but base64.
  ///
  /// @param what it is, for the reason
  public static byte[] decode(String text, String what) throws Unproven {
    try {
      if (text.length() % 4 != 0) {
        throw new IllegalArgumentException("length");
      }
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new Unproven(what + " is not base64", malformed);
    }
  }
}
