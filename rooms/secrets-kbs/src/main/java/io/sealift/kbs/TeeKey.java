package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.IntegrityException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key that a key broker encrypts for, made anew for each handshake, and the evidence covers:
/// P-256, `ECDH-ES+A256KW` (RFC 7518 section 4.6).
final class TeeKey {

  static final String ALGORITHM = "ECDH-ES+A256KW";
  static final String CURVE = "P-256";

  private static final int COORDINATE_BYTES = 32;
  private static final int KEY_BITS = 256;
  private static final int TAG_BITS = 128;

  private final KeyPair pair;

  TeeKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java platform lacks P-256", missing);
    }
  }

  /// The public key as JSON Web Key (RFC 7517).
  Map<String, String> publicKey() {
    ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
    Map<String, String> key = new LinkedHashMap<>();
    key.put("kty", "EC");
    key.put("crv", CURVE);
    key.put("alg", ALGORITHM);
    key.put("x", coordinate(point.getAffineX()));
    key.put("y", coordinate(point.getAffineY()));
    return key;
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int count = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - count, fixed, COORDINATE_BYTES - count, count);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
  }

  /// Opens what was encrypted for this key; the caller owns it.
  byte[] open(Reply reply) throws IntegrityException {
    byte[] secret = {};
    byte[] wrapping = {};
    byte[] content = {};
    try {
      secret = agree(reply.x(), reply.y());
      wrapping = derive(secret, ALGORITHM, new byte[0], new byte[0], KEY_BITS);
      Cipher unwrap = Cipher.getInstance("AESWrap");
      unwrap.init(Cipher.UNWRAP_MODE, new SecretKeySpec(wrapping, "AES"));
      content = unwrap.unwrap(reply.encryptedKey(), "AES", Cipher.SECRET_KEY).getEncoded();
      if (content.length * 8 != KEY_BITS) {
        throw new IntegrityException(
            "open the key broker's reply: a content key of %d bits, expected %d"
                .formatted(content.length * 8, KEY_BITS));
      }
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(content, "AES"),
          new GCMParameterSpec(TAG_BITS, reply.iv()));
      cipher.updateAAD(reply.protectedHeader().getBytes(US_ASCII));
      return cipher.doFinal(reply.sealed());
    } catch (GeneralSecurityException failed) {
      throw new IntegrityException(
          "open the key broker's reply: it is not for this machine's key, or was changed", failed);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(wrapping, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
  }

  /// The Java platform refuses points that are not on the curve.
  private byte[] agree(byte[] x, byte[] y) throws GeneralSecurityException {
    ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
    ECPublicKey own = (ECPublicKey) pair.getPublic();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(pair.getPrivate());
    agreement.doPhase(
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, own.getParams())),
        true);
    return agreement.generateSecret();
  }

  /// One round of the concatenation key derivation function with SHA-256 (NIST SP 800-56A, as RFC
  /// 7518 section 4.6.2 feeds it).
  ///
  /// @param bits 256 at most
  static byte[] derive(byte[] secret, String algorithm, byte[] partyU, byte[] partyV, int bits) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(number(1));
      sha.update(secret);
      for (byte[] part : new byte[][] {algorithm.getBytes(US_ASCII), partyU, partyV}) {
        sha.update(number(part.length));
        sha.update(part);
      }
      byte[] key = sha.digest(number(bits));
      byte[] cut = Arrays.copyOf(key, bits / 8);
      Arrays.fill(key, (byte) 0);
      return cut;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java platform lacks SHA-256", missing);
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
