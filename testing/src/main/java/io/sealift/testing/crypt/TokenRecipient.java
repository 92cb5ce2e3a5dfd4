package io.sealift.testing.crypt;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.testing.BuiltBlob;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// Someone whom layers are encrypted for, by the scheme `pkcs11`: the public half of a token's key.
///
/// @param hash as a wrapped key names it: `sha1` or `sha256`; empty means the former
public record TokenRecipient(RSAPublicKey key, String hash) {

  /// Encrypts a layer for this recipient alone, with a key that the layer's bytes decide.
  public BuiltBlob encrypt(BuiltBlob layer) {
    LayerEncryptor encryptor = new LayerEncryptor(layer, Arrays.hashCode(layer.bytes()));
    return encryptor.wrap("pkcs11", wrap(encryptor.privateOptions(), this)).build();
  }

  /// Wraps private options for several.
  public static byte[] wrap(byte[] options, TokenRecipient... recipients) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (TokenRecipient recipient : recipients) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("version", 0);
      one.put("blob", LayerEncryptor.base64(recipient.ciphertext(options)));
      if (!recipient.hash.isEmpty()) {
        one.put("hash", recipient.hash);
      }
      list.add(one);
    }
    return JsonWriter.compact(JsonValue.of(Map.of("version", 0, "recipients", list)));
  }

  /// The options by RSA-OAEP, with the same hash in the mask.
  public byte[] ciphertext(byte[] options) {
    boolean sha256 = hash.equals("sha256");
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          key,
          new OAEPParameterSpec(
              sha256 ? "SHA-256" : "SHA-1",
              "MGF1",
              sha256 ? MGF1ParameterSpec.SHA256 : MGF1ParameterSpec.SHA1,
              PSource.PSpecified.DEFAULT));
      return cipher.doFinal(options);
    } catch (GeneralSecurityException unsuitable) {
      throw new IllegalArgumentException(unsuitable);
    }
  }
}
