package io.sealift.testing.crypt;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.PemText;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/// Someone whom layers are encrypted for, by the scheme `jwe` (flattened form, RFC 7516 section
/// 7.2.2).
public record JweRecipient(KeyPair keys) {

  /// One with a new key of the platform's usual size.
  ///
  /// @param algorithm `RSA` or `EC`
  public static JweRecipient withNewKey(String algorithm) {
    try {
      return new JweRecipient(KeyPairGenerator.getInstance(algorithm).generateKeyPair());
    } catch (NoSuchAlgorithmException unknown) {
      throw new IllegalArgumentException(unknown);
    }
  }

  /// Encrypts a layer for this recipient alone, with a key that the layer's bytes decide.
  public BuiltBlob encrypt(BuiltBlob layer) {
    LayerEncryptor encryptor = new LayerEncryptor(layer, Arrays.hashCode(layer.bytes()));
    return encryptor.wrap("jwe", wrap(encryptor.privateOptions())).build();
  }

  /// Wraps private options.
  public byte[] wrap(byte[] options) {
    try {
      PublicKey key = keys.getPublic();
      boolean rsa = key instanceof RSAPublicKey;
      JWEObject message =
          new JWEObject(
              new JWEHeader(
                  rsa ? JWEAlgorithm.RSA_OAEP_256 : JWEAlgorithm.ECDH_ES_A256KW,
                  EncryptionMethod.A256GCM),
              new Payload(options));
      message.encrypt(
          rsa ? new RSAEncrypter((RSAPublicKey) key) : new ECDHEncrypter((ECPublicKey) key));
      return """
      {"protected":"%s","encrypted_key":"%s","iv":"%s","ciphertext":"%s","tag":"%s"}\
      """
          .formatted(
              message.getHeader().toBase64URL(),
              message.getEncryptedKey(),
              message.getIV(),
              message.getCipherText(),
              message.getAuthTag())
          .getBytes(StandardCharsets.US_ASCII);
    } catch (JOSEException unsuitable) {
      throw new IllegalArgumentException(unsuitable);
    }
  }

  /// The private key as a file has it (PKCS #8, PEM).
  public String privateKey() {
    return PemText.of("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /// The public key as a file has it (SubjectPublicKeyInfo, PEM).
  public String publicKey() {
    return PemText.of("PUBLIC KEY", keys.getPublic().getEncoded());
  }
}
