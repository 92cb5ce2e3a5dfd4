package io.sealift.pgp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.bcpg.PacketTags;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SecretKeyPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.operator.PBESecretKeyDecryptor;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/// Reads transferable secret keys (RFC 9580 §10.2), binary or armoured, as `gpg
/// --export-secret-keys` writes them.
final class SecretRing {

  private static final String ARMOUR = "-----BEGIN PGP PRIVATE KEY BLOCK-----";

  /// Two to this power KiB of memory that a password may take, 1 GiB; RFC 9106 recommends 21 for
  /// servers and 16 elsewhere.
  private static final int MAX_MEMORY_EXPONENT = 20;

  private SecretRing() {}

  static boolean isOne(byte[] bytes) {
    return isArmoured(bytes) || isBinary(bytes);
  }

  private static boolean isArmoured(byte[] bytes) {
    return new String(bytes, ISO_8859_1).contains(ARMOUR);
  }

  private static boolean isBinary(byte[] bytes) {
    int header = bytes.length == 0 ? 0 : bytes[0] & 0xff;
    int tag = (header & 0x40) == 0 ? (header & 0x3f) >> 2 : header & 0x3f;
    return header >= 0x80 && tag == PacketTags.SECRET_KEY;
  }

  /// The keys for decrypting of all rings in a file, unlocked.
  ///
  /// @throws KeyException when there are some and none can be unlocked
  static List<SecretKey> read(KeyFile file) throws KeyException {
    List<SecretKey> unlocked = new ArrayList<>();
    KeyException trouble = refusal(file, "it has no key for decrypting");
    for (PGPSecretKeyRing ring : rings(file)) {
      for (PGPSecretKey key : ring) {
        if (isThere(key)) {
          try {
            unlocked.add(unlock(key, file));
          } catch (KeyException locked) {
            trouble = locked;
          }
        }
      }
    }
    if (unlocked.isEmpty()) {
      throw trouble;
    }
    return unlocked;
  }

  private static PGPSecretKeyRingCollection rings(KeyFile file) throws KeyException {
    try (InputStream bytes = new ByteArrayInputStream(file.bytes());
        InputStream packets = isBinary(file.bytes()) ? bytes : new ArmoredInputStream(bytes)) {
      return new PGPSecretKeyRingCollection(packets, new BcKeyFingerprintCalculator());
    } catch (IOException | PGPException | RuntimeException malformed) {
      throw refusal(file, "it is damaged");
    }
  }

  /// Whether it is a key for decrypting, and not one that is kept elsewhere.
  private static boolean isThere(PGPSecretKey key) {
    return key.getPublicKey().isEncryptionKey() && !key.isPrivateKeyEmpty();
  }

  private static SecretKey unlock(PGPSecretKey key, KeyFile file) throws KeyException {
    boolean locked = key.getS2KUsage() != SecretKeyPacket.USAGE_NONE;
    char[] password = file.password();
    if (locked && password == null) {
      throw refusal(file, "it is locked, and no password was given");
    }
    S2K s2k = key.getS2K();
    if (locked
        && s2k != null
        && s2k.getType() == S2K.ARGON_2
        && s2k.getMemorySizeExponent() > MAX_MEMORY_EXPONENT) {
      throw refusal(file, "its password takes more memory than allowed");
    }
    try {
      PBESecretKeyDecryptor decryptor =
          new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
              .build(password == null ? new char[0] : password);
      return new SecretKey(key.getKeyIdentifier(), key.extractKeyPair(decryptor));
    } catch (PGPException | RuntimeException wrong) {
      throw refusal(file, locked ? "its password is wrong" : "it is damaged");
    }
  }

  /// Without the cause, whose words may show what was read.
  private static KeyException refusal(KeyFile file, String why) {
    return new KeyException("read secret key ring %s: %s".formatted(file.name(), why));
  }
}
