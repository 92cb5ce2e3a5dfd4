package io.sealift.testing.crypt;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.testing.BuiltBlob;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts one layer as ocicrypt does (`AES_256_CTR_HMAC_SHA256`), truly or not: the options may
/// be changed before they are written. Not a product feature: nothing here is meant to keep a
/// secret.
///
/// ```java
/// LayerEncryptor encryptor = new LayerEncryptor(layer, 1);
/// BuiltBlob encrypted = encryptor.wrap("jwe", wrapper.apply(encryptor.privateOptions())).build();
/// ```
public final class LayerEncryptor {

  private static final String ANNOTATION = "org.opencontainers.image.enc.";

  private final BuiltBlob layer;
  private final byte[] ciphertext;
  private final Map<String, Object> privateOptions = new LinkedHashMap<>();
  private final Map<String, Object> publicOptions = new LinkedHashMap<>();
  private final Map<String, String> wrapped = new TreeMap<>();

  /// @param seed of key and nonce, so that tests do the same every time
  public LayerEncryptor(BuiltBlob layer, long seed) {
    this.layer = layer;
    byte[] key = new byte[32];
    byte[] nonce = new byte[16];
    Random random = new Random(seed);
    random.nextBytes(key);
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(nonce));
      ciphertext = cipher.doFinal(layer.bytes());
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      publicOptions.put("cipher", "AES_256_CTR_HMAC_SHA256");
      publicOptions.put("hmac", base64(mac.doFinal(ciphertext)));
      publicOptions.put("cipheroptions", Map.of());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
    privateOptions.put("symkey", base64(key));
    privateOptions.put(
        "digest", BuiltBlob.digest(DigestAlgorithm.SHA256, layer.bytes()).toString());
    privateOptions.put("cipheroptions", Map.of("nonce", base64(nonce)));
  }

  public static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Takes the place of a public option.
  public LayerEncryptor publicOption(String name, Object value) {
    publicOptions.put(name, value);
    return this;
  }

  /// Takes the place of a private option.
  public LayerEncryptor privateOption(String name, Object value) {
    privateOptions.put(name, value);
    return this;
  }

  /// What is to be wrapped.
  public byte[] privateOptions() {
    return JsonWriter.compact(JsonValue.of(privateOptions));
  }

  /// Adds wrapped keys of a scheme.
  public LayerEncryptor wrap(String scheme, byte[]... keys) {
    return wrapRaw(
        scheme,
        List.of(keys).stream().map(LayerEncryptor::base64).collect(Collectors.joining(",")));
  }

  /// Adds what is to stand in the annotation of a scheme, true or not.
  public LayerEncryptor wrapRaw(String scheme, String value) {
    wrapped.merge(ANNOTATION + "keys." + scheme, value, (some, more) -> some + "," + more);
    return this;
  }

  /// The encrypted layer.
  public BuiltBlob build() {
    Map<String, String> annotations = new TreeMap<>(wrapped);
    annotations.put(
        ANNOTATION + "pubopts", base64(JsonWriter.compact(JsonValue.of(publicOptions))));
    return layer
        .mediaType(layer.mediaType() + "+encrypted")
        .bytes(ciphertext)
        .digestedBy(DigestAlgorithm.SHA256)
        .annotations(annotations);
  }
}
