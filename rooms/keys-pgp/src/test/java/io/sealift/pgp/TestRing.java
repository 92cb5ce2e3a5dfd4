package io.sealift.pgp;

import io.sealift.crypt.KeyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.PGPDigestCalculator;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;
import org.jspecify.annotations.Nullable;

/// A secret key ring: a key for signing, and a subkey of some kind for decrypting.
final class TestRing {

  private final PGPKeyPair primary;
  private final PGPKeyPair subkey;

  private TestRing(PGPKeyPair primary, PGPKeyPair subkey) {
    this.primary = primary;
    this.subkey = subkey;
  }

  /// Kinds of keys for decrypting.
  enum Kind {
    RSA(4),
    CURVE25519(4),
    NIST_P256(4),
    NIST_P521(4),
    X25519(6),
    X448(6);

    /// Of the key's packet.
    private final int version;

    Kind(int version) {
      this.version = version;
    }

    private PGPKeyPair make(PGPKeyPairGenerator generator) throws PGPException {
      return switch (this) {
        case RSA -> generator.generateRsaKeyPair(2048);
        case CURVE25519 -> generator.generateLegacyX25519KeyPair();
        case NIST_P256 -> generator.generateNistP256ECDHKeyPair();
        case NIST_P521 -> generator.generateNistP521ECDHKeyPair();
        case X25519 -> generator.generateX25519KeyPair();
        case X448 -> generator.generateX448KeyPair();
      };
    }
  }

  static TestRing of(Kind kind) throws PGPException {
    PGPKeyPairGenerator generator =
        new BcPGPKeyPairGeneratorProvider()
            .get(kind.version, Date.from(Instant.parse("2026-01-01T00:00:00Z")));
    return new TestRing(
        kind.version == 4
            ? generator.generateLegacyEd25519KeyPair()
            : generator.generateEd25519KeyPair(),
        kind.make(generator).asSubkey(new BcKeyFingerprintCalculator()));
  }

  PGPPublicKey encryptionKey() {
    return subkey.getPublicKey();
  }

  /// As messages call it.
  String name() {
    return "OpenPGP key %016X".formatted(encryptionKey().getKeyID());
  }

  byte[] binary(@Nullable String password) throws Exception {
    return new PGPSecretKeyRing(
            List.of(secret(primary, true, password), secret(subkey, false, password)))
        .getEncoded();
  }

  private static PGPSecretKey secret(PGPKeyPair pair, boolean primary, @Nullable String password)
      throws PGPException {
    PGPDigestCalculator sha1 = new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1);
    PBESecretKeyEncryptor encryptor =
        password == null
            ? null
            : new BcPBESecretKeyEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_128, sha1, 0x60)
                .build(password.toCharArray());
    return new PGPSecretKey(pair.getPrivateKey(), pair.getPublicKey(), sha1, primary, encryptor);
  }

  static byte[] armoured(byte[] binary) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (ArmoredOutputStream armour = ArmoredOutputStream.builder().build(text)) {
      armour.write(binary);
    }
    return text.toByteArray();
  }

  static KeyFile file(byte[] bytes, @Nullable String password) {
    return new KeyFile("ring.gpg", bytes, password == null ? null : password.toCharArray());
  }

  /// Without a password.
  KeyFile file() throws Exception {
    return file(binary(null), null);
  }
}
