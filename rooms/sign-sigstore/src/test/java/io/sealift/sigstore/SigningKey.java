package io.sealift.sigstore;

import io.sealift.sigstore.crypto.Base64Text;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.jspecify.annotations.Nullable;

/// A key pair made for a test, and the way its holder signs.
public record SigningKey(
    KeyPair pair, String algorithm, @Nullable AlgorithmParameterSpec parameters) {

  /// Kinds of keys and signatures, good and bad.
  public enum Kind {
    P256("EC", "secp256r1", "SHA256withECDSA"),
    P384("EC", "secp384r1", "SHA384withECDSA"),
    P384_SHA256("EC", "secp384r1", "SHA256withECDSA"),
    P521("EC", "secp521r1", "SHA512withECDSA"),
    P521_SHA256("EC", "secp521r1", "SHA256withECDSA"),
    RSA_2048("RSA", "2048", "SHA256withRSA"),
    RSA_3072("RSA", "3072", "SHA256withRSA"),
    RSA_PSS("RSA", "2048", "RSASSA-PSS"),
    ED25519("Ed25519", "", "Ed25519"),
    ED25519_PH("Ed25519", "", "Ed25519"),
    P256_SHA512("EC", "secp256r1", "SHA512withECDSA"),
    RSA_1024("RSA", "1024", "SHA256withRSA"),
    RSA_SHA1("RSA", "2048", "SHA1withRSA"),
    ED448("Ed448", "", "Ed448");

    private final String type;
    private final String size;
    private final String algorithm;

    Kind(String type, String size, String algorithm) {
      this.type = type;
      this.size = size;
      this.algorithm = algorithm;
    }
  }

  static SigningKey make() {
    return make(Kind.P256);
  }

  static SigningKey make(Kind kind) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.type);
      if (kind.type.equals("EC")) {
        generator.initialize(new ECGenParameterSpec(kind.size));
      } else if (kind.type.equals("RSA")) {
        generator.initialize(
            new RSAKeyGenParameterSpec(Integer.parseInt(kind.size), RSAKeyGenParameterSpec.F4));
      }
      AlgorithmParameterSpec parameters =
          switch (kind) {
            case RSA_PSS ->
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
            case ED25519_PH -> new EdDSAParameterSpec(true);
            default -> null;
          };
      return new SigningKey(generator.generateKeyPair(), kind.algorithm, parameters);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance(algorithm);
      if (parameters != null) {
        signer.setParameter(parameters);
      }
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The public key in DER.
  public byte[] der() {
    return pair.getPublic().getEncoded();
  }

  /// The public key as PEM.
  byte[] pem() {
    return pem("PUBLIC KEY", der());
  }

  static byte[] pem(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64Text.encode(der))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
