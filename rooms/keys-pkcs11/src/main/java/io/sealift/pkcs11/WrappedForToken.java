package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A wrapped key of the scheme (ocicrypt, `crypto/pkcs11`): JSON with one ciphertext for each
/// recipient, of whom nothing is told.
///
/// @param recipients at least one
record WrappedForToken(List<Recipient> recipients) {

  /// Bytes of the JSON; one for a dozen keys has 5000.
  private static final int MAX_BYTES = 64 * 1024;

  /// Recipients; each costs a token some 10 ms, and a real HSM may be asked over a network.
  private static final int MAX_RECIPIENTS = 64;

  /// Bytes of a ciphertext, which is as long as the modulus: up to RSA with 16 384 bits.
  private static final int MAX_CIPHERTEXT = 2048;

  WrappedForToken {
    recipients = List.copyOf(recipients);
  }

  /// One recipient's ciphertext. The array is not to be written to.
  @SuppressWarnings("ArrayRecordComponent")
  record Recipient(byte[] ciphertext, Oaep padding) {

    /// For people.
    @Override
    public String toString() {
      return "RSA-%d by %s".formatted(8 * ciphertext.length, padding);
    }
  }

  static WrappedForToken parse(byte[] bytes) throws KeyException {
    try {
      JsonObject json = JsonReader.readObject(bytes, "wrapped key", JsonLimits.ofBytes(MAX_BYTES));
      requireVersion(json);
      List<JsonObject> list = json.objects("recipients");
      if (list.isEmpty() || list.size() > MAX_RECIPIENTS) {
        throw new KeyException(
            "it is for %d keys, expected 1 to %d".formatted(list.size(), MAX_RECIPIENTS));
      }
      List<Recipient> recipients = new ArrayList<>();
      for (JsonObject one : list) {
        requireVersion(one);
        recipients.add(
            new Recipient(
                ciphertext(one.string("blob")), Oaep.of(one.optionalString("hash").orElse(""))));
      }
      return new WrappedForToken(recipients);
    } catch (UnsafeContentException malformed) {
      throw new KeyException(
          "it is no wrapped key of this scheme (%s)".formatted(malformed.getMessage()), malformed);
    }
  }

  private static void requireVersion(JsonObject json) throws KeyException, UnsafeContentException {
    long version = json.optionalInteger("version").orElse(0L);
    if (version != 0) {
      throw new KeyException("it has version %d, expected 0".formatted(version));
    }
  }

  private static byte[] ciphertext(String base64) throws KeyException {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      if (bytes.length > 0 && bytes.length <= MAX_CIPHERTEXT) {
        return bytes;
      }
      throw new KeyException(
          "a ciphertext has %d bytes, expected 1 to %d".formatted(bytes.length, MAX_CIPHERTEXT));
    } catch (IllegalArgumentException malformed) {
      throw new KeyException("a ciphertext is not base64", malformed);
    }
  }
}
