package io.sealift.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.crypt.KeyException;
import io.sealift.testing.crypt.TokenRecipient;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What the Java platform pads is taken off again, and nothing else.
class OaepTest {

  private static KeyPair keys = new KeyPair(null, null);
  private final Random random = new Random(5);

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    keys = generator.generateKeyPair();
  }

  private static byte[] padded(Oaep padding, byte[] message) throws Exception {
    TokenRecipient recipient =
        new TokenRecipient(
            (RSAPublicKey) keys.getPublic(), padding == Oaep.SHA1 ? "sha1" : "sha256");
    Cipher raw = Cipher.getInstance("RSA/ECB/NoPadding");
    raw.init(Cipher.DECRYPT_MODE, keys.getPrivate());
    return raw.doFinal(recipient.ciphertext(message));
  }

  @ParameterizedTest
  @EnumSource
  void everyLengthComesOutAsItWentIn(Oaep padding) throws Exception {
    int longest = 128 - 2 * (padding == Oaep.SHA1 ? 20 : 32) - 2;
    for (int length = 0; length <= longest; length++) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      assertArrayEquals(message, padding.unpad(padded(padding, message)), "length " + length);
    }
  }

  /// Zeros and ones at the beginning of a message are not the padding's.
  @ParameterizedTest
  @EnumSource
  void aMessageMayLookLikePadding(Oaep padding) throws Exception {
    for (byte[] message :
        new byte[][] {{0}, {1}, {0, 0, 1}, {1, 1, 0}, {0, 1, 2}, {(byte) 0xff, 1}}) {
      assertArrayEquals(message, padding.unpad(padded(padding, message)), Arrays.toString(message));
    }
  }

  /// Any bit of any octet decides, and the failure is the same for all.
  @ParameterizedTest
  @EnumSource
  void anyChangedBitIsNoticedOrOnlyInTheMessage(Oaep padding) throws Exception {
    byte[] message = new byte[20];
    random.nextBytes(message);
    byte[] good = padded(padding, message);
    int refused = 0;
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] changed = good.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        padding.unpad(changed);
      } catch (KeyException wrong) {
        assertEquals(Oaep.WRONG, wrong.reason());
        refused++;
      }
    }
    assertEquals(8 * good.length, refused, "a changed octet changes the whole mask");
  }

  /// Each part of the check alone, by padding made by hand.
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, true",
    "1, 0, 1, false", // the first octet
    "128, 0, 1, false",
    "0, 1, 1, false", // the hash of the label
    "0, 0, 2, false", // what stands before the message
    "0, 0, 0, false", // nothing but zeros
  })
  void eachPartOfThePaddingCounts(int first, int label, int separator, boolean sound)
      throws Exception {
    byte[] data = new byte[95];
    byte[] hash = MessageDigest.getInstance("SHA-256").digest();
    System.arraycopy(hash, 0, data, 0, 32);
    data[31] ^= (byte) label;
    data[60] = (byte) separator;
    byte[] padded = new byte[128];
    padded[0] = (byte) first;
    byte[] mask = mgf1(new byte[32], 95);
    for (int i = 0; i < 95; i++) {
      padded[33 + i] = (byte) (data[i] ^ mask[i]);
    }
    byte[] seedMask = mgf1(Arrays.copyOfRange(padded, 33, 128), 32);
    System.arraycopy(seedMask, 0, padded, 1, 32);
    if (sound) {
      assertArrayEquals(new byte[34], Oaep.SHA256.unpad(padded));
    } else {
      KeyException wrong = assertThrows(KeyException.class, () -> Oaep.SHA256.unpad(padded));
      assertEquals(Oaep.WRONG, wrong.reason());
    }
  }

  /// RFC 8017 §B.2.1, written apart from the one under test.
  private static byte[] mgf1(byte[] seed, int length) throws Exception {
    byte[] mask = new byte[(length + 31) / 32 * 32];
    for (int block = 0; 32 * block < length; block++) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(seed);
      System.arraycopy(digest.digest(new byte[] {0, 0, 0, (byte) block}), 0, mask, 32 * block, 32);
    }
    return Arrays.copyOf(mask, length);
  }

  @Test
  void whatIsTooShortForThePaddingIsRefused() {
    assertEquals(
        Oaep.WRONG,
        assertThrows(KeyException.class, () -> Oaep.SHA256.unpad(new byte[65])).reason());
  }
}
