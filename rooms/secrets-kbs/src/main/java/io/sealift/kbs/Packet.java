package io.sealift.kbs;

import io.sealift.crypt.KeyException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Private options wrapped with a resource: what the annotation of an encrypted layer holds in
/// Confidential Containers (guest-components, `annotation_packet`, versions 1 and 2, of which the
/// first is a part of the second).
///
/// | field | |
/// |---|---|
/// | `version` | `0.1.0`, which is meant when it is missing |
/// | `provider` | `kbs`, which is meant when it is missing; others are key management services |
/// | `kid` | the key's URI |
/// | `wrap_type` | `A256GCM`, the 16 bytes of the tag at the end, or `A256CTR` |
/// | `iv` | base64, 12 bytes for the former and 16 for the latter |
/// | `wrapped_data` | base64 |
///
/// @param kid as it stands there
@SuppressWarnings("ArrayRecordComponent")
record Packet(String kid, Wrapping wrapping, byte[] iv, byte[] wrapped) {

  /// Bytes of a packet; real ones have about 500.
  private static final int MAX_BYTES = 64 * 1024;

  private static final String VERSION = "0.1.0";
  private static final String PROVIDER = "kbs";
  private static final int TAG_BITS = 128;

  /// How the options are wrapped.
  enum Wrapping {
    A256GCM(12, "AES/GCM/NoPadding"),
    A256CTR(16, "AES/CTR/NoPadding");

    private final int ivBytes;
    private final String cipher;

    Wrapping(int ivBytes, String cipher) {
      this.ivBytes = ivBytes;
      this.cipher = cipher;
    }

    private AlgorithmParameterSpec parameters(byte[] iv) {
      return switch (this) {
        case A256GCM -> new GCMParameterSpec(TAG_BITS, iv);
        case A256CTR -> new IvParameterSpec(iv);
      };
    }
  }

  /// @throws KeyException when it is no such packet, or one that only a key management service
  ///   opens
  static Packet parse(byte[] bytes) throws KeyException {
    try {
      JsonObject json = JsonReader.readObject(bytes, "packet", JsonLimits.ofBytes(MAX_BYTES));
      String provider = json.optionalString("provider").orElse(PROVIDER);
      if (!provider.equals(PROVIDER)) {
        throw new KeyException(
            "the key management service '%s' has its key, expected %s"
                .formatted(provider, PROVIDER));
      }
      String version = json.optionalString("version").orElse(VERSION);
      if (!version.equals(VERSION)) {
        throw new KeyException("it has version '%s', expected %s".formatted(version, VERSION));
      }
      Wrapping wrapping = wrapping(json.string("wrap_type"));
      byte[] iv = base64("iv", json.string("iv"));
      if (iv.length != wrapping.ivBytes) {
        throw new KeyException(
            "its iv has %d bytes, expected %d for %s"
                .formatted(iv.length, wrapping.ivBytes, wrapping));
      }
      return new Packet(
          json.string("kid"), wrapping, iv, base64("wrapped_data", json.string("wrapped_data")));
    } catch (UnsafeContentException malformed) {
      throw new KeyException("it is no annotation packet: " + malformed.getMessage(), malformed);
    }
  }

  private static Wrapping wrapping(String name) throws KeyException {
    for (Wrapping wrapping : Wrapping.values()) {
      if (wrapping.name().equals(name)) {
        return wrapping;
      }
    }
    throw new KeyException("it is wrapped by '%s', expected A256GCM or A256CTR".formatted(name));
  }

  private static byte[] base64(String field, String text) throws KeyException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new KeyException("its %s is not base64".formatted(field), malformed);
    }
  }

  /// The private options; the caller owns them.
  ///
  /// @param key 32 bytes
  byte[] open(byte[] key) throws KeyException {
    try {
      Cipher cipher = Cipher.getInstance(wrapping.cipher);
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), wrapping.parameters(iv));
      return cipher.doFinal(wrapped);
    } catch (AEADBadTagException wrong) {
      throw new KeyException(
          "the key %s does not open it, or it was changed".formatted(kid), wrong);
    } catch (GeneralSecurityException failed) {
      throw new KeyException("it cannot be opened: " + failed.getMessage(), failed);
    }
  }
}
