package io.sealift.testing.guest;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Wraps private options with a key that the guest's owner keeps, as Confidential Containers do
/// (guest-components, `annotation_packet`): JSON that names the key. Fields may be changed before
/// it is written.
public final class AnnotationPacket {

  private final Map<String, Object> fields = new LinkedHashMap<>();

  private AnnotationPacket(String kid, String wrapType, byte[] iv, byte[] wrapped) {
    fields.put("kid", kid);
    fields.put("wrapped_data", base64(wrapped));
    fields.put("iv", base64(iv));
    fields.put("wrap_type", wrapType);
  }

  /// Wraps with AES-256-GCM; the tag stands behind the ciphertext.
  ///
  /// @param kid such as `kbs:///default/key/1`
  /// @param iv 12 bytes
  public static AnnotationPacket gcm(String kid, byte[] key, byte[] iv, byte[] options) {
    return new AnnotationPacket(
        kid, "A256GCM", iv, run(Cipher.ENCRYPT_MODE, "A256GCM", key, iv, options));
  }

  /// Wraps with AES-256 in counter mode.
  ///
  /// @param iv 16 bytes
  public static AnnotationPacket ctr(String kid, byte[] key, byte[] iv, byte[] options) {
    return new AnnotationPacket(
        kid, "A256CTR", iv, run(Cipher.ENCRYPT_MODE, "A256CTR", key, iv, options));
  }

  static byte[] run(int mode, String wrapType, byte[] key, byte[] iv, byte[] text) {
    try {
      boolean gcm = wrapType.equals("A256GCM");
      Cipher cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "AES/CTR/NoPadding");
      cipher.init(
          mode,
          new SecretKeySpec(key, "AES"),
          gcm ? new GCMParameterSpec(128, iv) : new IvParameterSpec(iv));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  /// Adds what version 2 of the format has.
  public AnnotationPacket version2() {
    fields.put("version", "0.1.0");
    fields.put("provider", "kbs");
    fields.put("provider_settings", Map.of());
    fields.put("annotations", Map.of());
    return this;
  }

  /// Takes the place of a field; null removes it.
  public AnnotationPacket field(String name, @Nullable Object value) {
    if (value == null) {
      fields.remove(name);
    } else {
      fields.put(name, value);
    }
    return this;
  }

  /// The wrapped key.
  public byte[] build() {
    return JsonWriter.compact(JsonValue.of(fields));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
