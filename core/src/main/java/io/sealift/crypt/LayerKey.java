package io.sealift.crypt;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The opened key of one layer: secret. Cleared by {@link #close}; shows nothing of itself.
public final class LayerKey implements AutoCloseable {

  /// Bytes of an AES-256 key, which is the key of the HMAC as well.
  public static final int KEY_BYTES = 32;

  /// Bytes of the first counter block.
  public static final int NONCE_BYTES = 16;

  /// Bytes of private options; real ones have about 220.
  private static final int MAX_OPTIONS_BYTES = 64 * 1024;

  private static final byte[] SEAL_TEXT = "sealift layer key".getBytes(StandardCharsets.US_ASCII);

  private final byte[] key;
  private final byte[] nonce;
  private final @Nullable Digest plainDigest;

  private LayerKey(byte[] key, byte[] nonce, @Nullable Digest plainDigest) {
    this.key = key;
    this.nonce = nonce;
    this.plainDigest = plainDigest;
  }

  /// Reads private options (ocicrypt): `symkey`, `digest`, `cipheroptions`. The nonce has to be
  /// among them: one that only the public options have could have been put there by anybody.
  ///
  /// @throws KeyException when they are not such options
  public static LayerKey parse(byte[] privateOptions) throws KeyException {
    try {
      JsonObject options =
          JsonReader.readObject(
              privateOptions, "private options", JsonLimits.ofBytes(MAX_OPTIONS_BYTES));
      String digest = options.optionalString("digest").orElse("");
      String nonce = options.optionalObject("cipheroptions").flatMap(LayerKey::nonce).orElse("");
      return new LayerKey(
          decoded("key", options.string("symkey"), KEY_BYTES),
          decoded("private nonce", nonce, NONCE_BYTES),
          digest.isEmpty() ? null : Digest.parse(digest));
    } catch (UnsafeContentException malformed) {
      // The parser's own words may show what it read.
      throw new KeyException("what it opened to are no private options");
    }
  }

  private static Optional<String> nonce(JsonObject cipherOptions) {
    try {
      return cipherOptions.optionalString("nonce");
    } catch (UnsafeContentException notText) {
      return Optional.empty();
    }
  }

  private static byte[] decoded(String what, String text, int length) throws KeyException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == length) {
        return bytes;
      }
      Arrays.fill(bytes, (byte) 0);
      throw new KeyException(
          "the %s has %d bytes, expected %d".formatted(what, bytes.length, length));
    } catch (IllegalArgumentException malformed) {
      throw new KeyException("the %s is not base64".formatted(what));
    }
  }

  /// The key of cipher and HMAC. Not a copy: gone after {@link #close}, and not to be written to.
  public byte[] key() {
    return key;
  }

  /// The first counter block, big-endian. Not a copy.
  public byte[] nonce() {
    return nonce;
  }

  /// The digest of the layer as it was before it was encrypted, still compressed; empty when the
  /// encrypting tool gave none.
  Optional<Digest> plainDigest() {
    return Optional.ofNullable(plainDigest);
  }

  /// HMAC-SHA256 of a fixed text under the key, hexadecimal: the same for the same key, and no way
  /// back from 256 random bits.
  String seal() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(nonce);
      return HexFormat.of().formatHex(mac.doFinal(SEAL_TEXT));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java platform lacks HmacSHA256", missing);
    }
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
    Arrays.fill(nonce, (byte) 0);
  }

  @Override
  public String toString() {
    return "a layer's key";
  }
}
