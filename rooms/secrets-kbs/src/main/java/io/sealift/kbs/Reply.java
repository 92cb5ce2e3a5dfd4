package io.sealift.kbs;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.util.Arrays;
import java.util.Base64;

/// A resource as a key broker sends it: JSON Web Encryption in its flattened form (RFC 7516 section
/// 7.2.2), for the {@link TeeKey} of the handshake.
///
/// @param protectedHeader as it came, which the tag covers
/// @param sealed ciphertext and tag
@SuppressWarnings("ArrayRecordComponent")
record Reply(
    String protectedHeader, byte[] x, byte[] y, byte[] encryptedKey, byte[] iv, byte[] sealed) {

  private static final String ENCRYPTION = "A256GCM";
  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /// Bytes of a header; real ones have about 250.
  private static final int MAX_HEADER_BYTES = 8 * 1024;

  /// @throws UnsafeContentException when it is no such JSON
  /// @throws IntegrityException when it is for another kind of key than was offered
  static Reply parse(byte[] bytes, int maxBytes) throws UnsafeContentException, IntegrityException {
    JsonObject json = JsonReader.readObject(bytes, "reply", JsonLimits.ofBytes(maxBytes));
    String text = json.string("protected");
    JsonObject header =
        JsonReader.readObject(
            base64("protected", text), "header of reply", JsonLimits.ofBytes(MAX_HEADER_BYTES));
    JsonObject point = header.optionalObject("epk").orElse(header);
    expect("alg", header.string("alg"), TeeKey.ALGORITHM);
    expect("enc", header.string("enc"), ENCRYPTION);
    expect("epk/crv", point.string("crv"), TeeKey.CURVE);
    byte[] iv = base64("iv", json.string("iv"));
    byte[] tag = base64("tag", json.string("tag"));
    if (iv.length != IV_BYTES || tag.length != TAG_BYTES) {
      throw new UnsafeContentException(
          "read reply: expected an iv of %d bytes and a tag of %d, found %d and %d"
              .formatted(IV_BYTES, TAG_BYTES, iv.length, tag.length));
    }
    byte[] ciphertext = base64("ciphertext", json.string("ciphertext"));
    byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tag.length);
    System.arraycopy(tag, 0, sealed, ciphertext.length, tag.length);
    return new Reply(
        text,
        base64("epk/x", point.string("x")),
        base64("epk/y", point.string("y")),
        base64("encrypted_key", json.string("encrypted_key")),
        iv,
        sealed);
  }

  private static void expect(String member, String found, String expected)
      throws IntegrityException {
    if (!found.equals(expected)) {
      throw new IntegrityException(
          "open the key broker's reply: %s '%s', expected %s".formatted(member, found, expected));
    }
  }

  private static byte[] base64(String member, String text) throws UnsafeContentException {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new UnsafeContentException("read reply: %s is not base64url".formatted(member));
    }
  }
}
