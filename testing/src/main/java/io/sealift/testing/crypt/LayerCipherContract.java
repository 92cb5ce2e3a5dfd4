package io.sealift.testing.crypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKey;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every {@link LayerCipher} does. Inherit it for each implementation.
public abstract class LayerCipherContract {

  private static final byte[] KEY =
      HexFormat.of().parseHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  private static final byte[] NONCE = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");

  /// The implementation under test.
  protected abstract LayerCipher cipher();

  private static LayerKey key(byte[] nonce) throws Exception {
    return LayerKey.parse(
        JsonWriter.compact(
            JsonValue.of(
                Map.of(
                    "symkey", LayerEncryptor.base64(KEY),
                    "cipheroptions", Map.of("nonce", LayerEncryptor.base64(nonce))))));
  }

  @Test
  public void isNamed() {
    assertFalse(cipher().name().isBlank());
  }

  /// NIST SP 800-38A, F.5.6 CTR-AES256.Decrypt.
  @Test
  public void givesKnownValues() throws Exception {
    ByteBuffer bytes =
        direct(
            HexFormat.of()
                .parseHex(
                    "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                        + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"));
    try (LayerKey key = key(NONCE);
        LayerCipher.Stream stream = cipher().open(key)) {
      stream.decrypt(bytes);
    }
    assertEquals(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        HexFormat.of().formatHex(array(bytes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 4096, 100_000})
  public void decryptsInPlaceWhateverThePieces(int piece) throws Exception {
    byte[] plain = new byte[100_000];
    new Random(7).nextBytes(plain);
    byte[] wrapping = HexFormat.of().parseHex("ffffffffffffffffffffffffffffffff"); // carries over
    Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new IvParameterSpec(wrapping));
    byte[] secret = aes.doFinal(plain);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    ByteBuffer bytes = direct(secret);
    try (LayerKey key = key(wrapping);
        LayerCipher.Stream stream = cipher().open(key)) {
      for (int at = 0; at < secret.length; at += piece) {
        int end = Math.min(secret.length, at + piece);
        bytes.limit(end).position(at);
        stream.decrypt(bytes);
        assertEquals(at, bytes.position());
        assertEquals(end, bytes.limit());
      }
      assertArrayEquals(mac.doFinal(secret), stream.hmac());
    }
    assertArrayEquals(plain, array(bytes.clear()));
  }

  @Test
  public void knowsTheHmacOfNothing() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    try (LayerKey key = key(NONCE);
        LayerCipher.Stream stream = cipher().open(key)) {
      stream.decrypt(ByteBuffer.allocateDirect(0));
      assertArrayEquals(mac.doFinal(), stream.hmac());
    }
  }

  @Test
  public void needsTheKeyOnlyToBegin() throws Exception {
    LayerKey key = key(NONCE);
    ByteBuffer bytes = direct(new byte[16]);
    try (LayerCipher.Stream stream = cipher().open(key)) {
      byte[] secret = key.key();
      key.close();
      assertArrayEquals(new byte[32], secret);
      stream.decrypt(bytes);
    }
    Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
    aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(KEY, "AES"), new IvParameterSpec(NONCE));
    assertArrayEquals(aes.doFinal(new byte[16]), array(bytes));
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] array(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.get(bytes.position(), array);
    return Arrays.copyOf(array, array.length);
  }
}
