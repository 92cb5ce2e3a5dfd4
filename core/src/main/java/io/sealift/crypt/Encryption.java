package io.sealift.crypt;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Descriptor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the descriptor of an encrypted layer says of its encryption (ocicrypt, annotations
/// `org.opencontainers.image.enc.…`): the wrapped keys, and the public options. Nothing of it is
/// proved.
final class Encryption {

  private static final String KEYS = "org.opencontainers.image.enc.keys.";
  private static final String PUBLIC_OPTIONS = "org.opencontainers.image.enc.pubopts";

  /// The only cipher that ocicrypt ever had.
  private static final String CIPHER = "AES_256_CTR_HMAC_SHA256";

  /// Bytes of an HMAC-SHA256.
  private static final int HMAC_BYTES = 32;

  /// Bytes of public options; real ones have about 130.
  private static final int MAX_OPTIONS_BYTES = 64 * 1024;

  private final Descriptor layer;

  /// @param layer whose type says that it is encrypted
  Encryption(Descriptor layer) {
    this.layer = layer;
  }

  /// The wrapped keys as they stand in the annotations, by scheme: each a list of base64, separated
  /// by commas.
  Map<String, String> keyLists() {
    Map<String, String> lists = new TreeMap<>();
    layer
        .annotations()
        .forEach((name, value) -> {
          if (name.startsWith(KEYS)) {
            lists.put(name.substring(KEYS.length()), value);
          }
        });
    return lists;
  }

  /// One scheme's wrapped keys.
  ///
  /// @throws KeyException when the list is not base64
  static List<WrappedKey> wrapped(String scheme, String list) throws KeyException {
    List<WrappedKey> keys = new ArrayList<>();
    for (String element : list.split(",", -1)) {
      try {
        keys.add(new WrappedKey(scheme, Base64.getDecoder().decode(element)));
      } catch (IllegalArgumentException malformed) {
        throw new KeyException("the wrapped key is not base64", malformed);
      }
    }
    return keys;
  }

  /// The HMAC of the ciphertext that the public options promise.
  byte[] hmac() throws IntegrityException, UnsafeContentException, UnsupportedImageException {
    String encoded = layer.annotations().get(PUBLIC_OPTIONS);
    if (encoded == null) {
      throw new IntegrityException(
          "decrypt layer %s: expected public options in the annotation %s, found none"
              .formatted(layer.digest(), PUBLIC_OPTIONS));
    }
    JsonObject options =
        JsonReader.readObject(
            base64(encoded, "public options"),
            "public options of layer " + layer.digest(),
            JsonLimits.ofBytes(MAX_OPTIONS_BYTES));
    String cipher = options.optionalString("cipher").orElse("");
    if (!cipher.equals(CIPHER)) {
      throw new UnsupportedImageException(
          "decrypt layer %s: cipher '%s', expected %s".formatted(layer.digest(), cipher, CIPHER));
    }
    byte[] hmac = base64(options.optionalString("hmac").orElse(""), "HMAC");
    if (hmac.length != HMAC_BYTES) {
      throw new IntegrityException(
          "decrypt layer %s: expected an HMAC of %d bytes, found %d"
              .formatted(layer.digest(), HMAC_BYTES, hmac.length));
    }
    return hmac;
  }

  private byte[] base64(String text, String what) throws IntegrityException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw new IntegrityException(
          "decrypt layer %s: the %s is not base64".formatted(layer.digest(), what), malformed);
    }
  }
}
