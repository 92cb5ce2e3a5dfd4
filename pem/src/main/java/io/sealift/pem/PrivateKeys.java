package io.sealift.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/// Reads private keys, RSA and EC:
///
/// | form | source |
/// |---|---|
/// | PKCS #8, in the clear or encrypted | RFC 5958, RFC 8018 |
/// | PKCS #1, SEC 1 | RFC 8017 appendix A.1.2, RFC 5915 |
/// | the same, encrypted with `Proc-Type: 4,ENCRYPTED` (PEM only) | RFC 1421, OpenSSL |
///
/// Whatever else stands in a PEM file is passed over; its first key counts.
public final class PrivateKeys {
  private PrivateKeys() {}

  /// @param password null when there is none
  /// @return nothing when the bytes are no private key at all
  /// @throws LockedKeyException when there is one that cannot be opened
  public static Optional<PrivateKey> read(byte[] bytes, char @Nullable [] password)
      throws LockedKeyException {
    PrivateKeyInfo info = Pem.isPem(bytes) ? ofPem(bytes, password) : ofDer(bytes, password);
    return info == null ? Optional.empty() : Optional.of(key(info));
  }

  private static @Nullable PrivateKeyInfo ofPem(byte[] bytes, char @Nullable [] password)
      throws LockedKeyException {
    try (PEMParser parser =
        new PEMParser(new InputStreamReader(new ByteArrayInputStream(bytes), ISO_8859_1))) {
      for (Object there = parser.readObject(); there != null; there = parser.readObject()) {
        PrivateKeyInfo info =
            switch (there) {
              case PrivateKeyInfo clear -> clear;
              case PEMKeyPair clear -> clear.getPrivateKeyInfo();
              case PKCS8EncryptedPrivateKeyInfo locked -> open(locked, password);
              case PEMEncryptedKeyPair locked -> open(locked, password);
              default -> null;
            };
        if (info != null) {
          return info;
        }
      }
      return null;
    } catch (IOException malformed) {
      throw new LockedKeyException("it is damaged", malformed);
    }
  }

  private static @Nullable PrivateKeyInfo ofDer(byte[] bytes, char @Nullable [] password)
      throws LockedKeyException {
    ASN1Sequence sequence = sequence(bytes);
    if (sequence == null) {
      return null;
    }
    try {
      return PrivateKeyInfo.getInstance(sequence);
    } catch (IllegalArgumentException | ClassCastException another) {
      // the next form
    }
    try {
      RSAPrivateKey key = RSAPrivateKey.getInstance(sequence);
      return new PrivateKeyInfo(new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), key);
    } catch (IllegalArgumentException | ClassCastException | IOException another) {
      // the next form
    }
    try {
      ECPrivateKey key = ECPrivateKey.getInstance(sequence);
      return new PrivateKeyInfo(
          new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
          key);
    } catch (IllegalArgumentException
        | ClassCastException
        | IllegalStateException
        | IOException another) {
      // the next form
    }
    try {
      return open(new PKCS8EncryptedPrivateKeyInfo(sequence.getEncoded()), password);
    } catch (IllegalArgumentException | ClassCastException | IOException none) {
      return null;
    }
  }

  private static @Nullable ASN1Sequence sequence(byte[] bytes) {
    try {
      return ASN1Primitive.fromByteArray(bytes) instanceof ASN1Sequence sequence ? sequence : null;
    } catch (IOException | IllegalArgumentException | IllegalStateException notDer) {
      return null;
    }
  }

  private static PrivateKeyInfo open(
      PKCS8EncryptedPrivateKeyInfo locked, char @Nullable [] password) throws LockedKeyException {
    try {
      return locked.decryptPrivateKeyInfo(
          new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(new BouncyCastleProvider())
              .build(required(password)));
    } catch (PKCSException | OperatorCreationException | IllegalArgumentException wrong) {
      throw new LockedKeyException("its password is wrong", wrong);
    }
  }

  private static PrivateKeyInfo open(PEMEncryptedKeyPair locked, char @Nullable [] password)
      throws LockedKeyException {
    try {
      return locked
          .decryptKeyPair(
              new JcePEMDecryptorProviderBuilder()
                  .setProvider(new BouncyCastleProvider())
                  .build(required(password)))
          .getPrivateKeyInfo();
    } catch (IOException wrong) {
      throw new LockedKeyException("its password is wrong", wrong);
    }
  }

  private static char[] required(char @Nullable [] password) throws LockedKeyException {
    if (password == null) {
      throw new LockedKeyException("it is encrypted, and no password was given");
    }
    return password;
  }

  private static PrivateKey key(PrivateKeyInfo info) throws LockedKeyException {
    String algorithm =
        info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
            ? "EC"
            : "RSA";
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException unusable) {
      throw new LockedKeyException("it is no RSA or EC key that this Java knows", unusable);
    }
  }
}
