package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import io.sealift.linux.token.Mechanism;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The paddings of RSA that ocicrypt uses (RFC 8017 §7.1), with an empty label and one hash for
/// both the label and the mask. Tokens that know a padding take it off themselves; for the others
/// it is taken off here.
enum Oaep {
  SHA1("SHA-1", 20, Mechanism.OAEP_SHA1),
  SHA256("SHA-256", 32, Mechanism.OAEP_SHA256);

  /// What every failure says: who can have many keys tried must not learn why one did not open
  /// (Manger, CRYPTO 2001).
  static final String WRONG = "the token's key does not open it, or it was changed";

  private final String hash;
  private final int hashBytes;
  private final Mechanism mechanism;

  Oaep(String hash, int hashBytes, Mechanism mechanism) {
    this.hash = hash;
    this.hashBytes = hashBytes;
    this.mechanism = mechanism;
  }

  /// By the name in a wrapped key; none means SHA-1, as before there was a choice.
  static Oaep of(String name) throws KeyException {
    return switch (name) {
      case "", "sha1" -> SHA1;
      case "sha256" -> SHA256;
      default ->
          throw new KeyException(
              "its hash is '%s', expected sha1 or sha256".formatted(Shown.of(name)));
    };
  }

  Mechanism mechanism() {
    return mechanism;
  }

  /// Takes the padding off (RFC 8017 §7.1.2, step 3), in a time that does not depend on where it is
  /// wrong.
  ///
  /// @param padded as long as the modulus; overwritten
  /// @return the message; the caller owns and clears it
  byte[] unpad(byte[] padded) throws KeyException {
    if (padded.length < 2 * hashBytes + 2) {
      throw new KeyException(WRONG);
    }
    int data = 1 + hashBytes;
    mask(padded, data, padded.length, 1, data);
    mask(padded, 1, data, data, padded.length);
    byte[] label = digest().digest();
    int wrong = padded[0] & 0xff;
    for (int i = 0; i < hashBytes; i++) {
      wrong |= (padded[data + i] ^ label[i]) & 0xff;
    }
    // Zeros, a one, the message: each octet is looked at, whatever those before it were.
    int searching = 1;
    int begin = 0;
    for (int i = data + hashBytes; i < padded.length; i++) {
      int octet = padded[i] & 0xff;
      int isOne = isZero(octet ^ 1);
      int isNought = isZero(octet);
      begin |= (i + 1) & -(searching & isOne);
      wrong |= searching & ~isOne & ~isNought & 1;
      searching &= ~isOne;
    }
    wrong |= searching & 1;
    if (wrong != 0) {
      throw new KeyException(WRONG);
    }
    return Arrays.copyOfRange(padded, begin, padded.length);
  }

  /// 1 for zero, 0 for any other octet; without a branch.
  private static int isZero(int octet) {
    return (octet - 1) >>> 31;
  }

  /// Applies MGF1 (RFC 8017 §B.2.1) of one part to another.
  private void mask(byte[] padded, int seedBegin, int seedEnd, int begin, int end) {
    MessageDigest digest = digest();
    byte[] counter = new byte[Integer.BYTES];
    byte[] seed = Arrays.copyOfRange(padded, seedBegin, seedEnd);
    for (int at = begin, block = 0; at < end; block++) {
      counter[2] = (byte) (block >>> 8);
      counter[3] = (byte) block;
      digest.update(seed);
      byte[] mask = digest.digest(counter);
      for (int i = 0; i < mask.length && at < end; i++, at++) {
        padded[at] ^= mask[i];
      }
    }
    Arrays.fill(seed, (byte) 0);
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(hash);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java platform lacks " + hash, missing);
    }
  }

  /// For people.
  @Override
  public String toString() {
    return "OAEP with " + hash;
  }
}
