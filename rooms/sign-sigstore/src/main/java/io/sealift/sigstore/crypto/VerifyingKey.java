package io.sealift.sigstore.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A public key and the forms of signature that are its. The key decides, never the signature:
///
/// | key | signatures |
/// |---|---|
/// | ECDSA P-256 | DER over SHA-256 |
/// | ECDSA P-384, P-521 | DER over SHA-384 or SHA-512, or over SHA-256 as cosign made them |
/// | RSA, 2048 to 8192 bits | PKCS#1 v1.5 or PSS over SHA-256 |
/// | Ed25519 | pure, or Ed25519ph as the log wants it |
public final class VerifyingKey {

  private static final String RSA = "1.2.840.113549.1.1.1";

  /// Bits of an RSA modulus: below is broken, above takes long to compute.
  private static final int MIN_RSA_BITS = 2048;

  private static final int MAX_RSA_BITS = 8192;

  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private final byte[] encoded;
  private final PublicKey key;
  private final List<Form> forms;

  private VerifyingKey(byte[] encoded, PublicKey key) throws Unproven {
    this.encoded = encoded;
    this.key = key;
    this.forms = forms(key);
  }

  /// One way of signing.
  private record Form(String algorithm, @Nullable AlgorithmParameterSpec parameters) {
    Form(String algorithm) {
      this(algorithm, null);
    }
  }

  /// Reads a `SubjectPublicKeyInfo` in DER (RFC 5280, 4.1).
  ///
  /// @param what it is, for the reason
  public static VerifyingKey of(byte[] encoded, String what) throws Unproven {
    String identifier = Der.read(encoded).child(0).child(0).identifier();
    String algorithm =
        switch (identifier) {
          case "1.2.840.10045.2.1" -> "EC";
          case RSA -> "RSA";
          case "1.3.101.112" -> "Ed25519";
          default ->
              throw new Unproven(
                  "%s: expected a key of ECDSA, RSA or Ed25519, found algorithm %s"
                      .formatted(what, identifier));
        };
    try {
      X509EncodedKeySpec spec = new X509EncodedKeySpec(encoded);
      return new VerifyingKey(
          encoded.clone(), KeyFactory.getInstance(algorithm).generatePublic(spec));
    } catch (GeneralSecurityException malformed) {
      throw new Unproven("%s is no key: %s".formatted(what, malformed.getMessage()), malformed);
    }
  }

  /// Reads an `RSAPublicKey` in DER (RFC 8017, A.1.1), as old logs are named.
  public static VerifyingKey ofRsa(byte[] pkcs1, String what) throws Unproven {
    byte[] identifier = HexFormat.of().parseHex("06092a864886f70d0101010500");
    byte[] bits = Der.encode(Der.BIT_STRING, new byte[1], pkcs1);
    return of(Der.encode(Der.SEQUENCE, Der.encode(Der.SEQUENCE, identifier), bits), what);
  }

  /// The key of a certificate.
  public static VerifyingKey of(X509Certificate certificate) throws Unproven {
    return of(certificate.getPublicKey().getEncoded(), "the certificate's key");
  }

  private static List<Form> forms(PublicKey key) throws Unproven {
    return switch (key) {
      case ECPublicKey ec ->
          switch (ec.getParams().getOrder().bitLength()) {
            case 256 -> List.of(new Form("SHA256withECDSA"));
            case 384 -> List.of(new Form("SHA384withECDSA"), new Form("SHA256withECDSA"));
            case 521 -> List.of(new Form("SHA512withECDSA"), new Form("SHA256withECDSA"));
            default -> throw new Unproven("a key on a curve other than P-256, P-384 and P-521");
          };
      case RSAPublicKey rsa -> {
        int bits = rsa.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
          throw new Unproven(
              "an RSA key of %d bits, expected %d to %d"
                  .formatted(bits, MIN_RSA_BITS, MAX_RSA_BITS));
        }
        yield List.of(new Form("SHA256withRSA"), new Form("RSASSA-PSS", PSS));
      }
      default -> List.of(new Form("Ed25519"), new Form("Ed25519", new EdDSAParameterSpec(true)));
    };
  }

  /// Whether the holder of the key signed the message, with any digest of the SHA-2 family: time
  /// stamp authorities choose one themselves.
  public boolean verifiesWithAnyDigest(byte[] signature, byte[] message) {
    String scheme = key instanceof RSAPublicKey ? "withRSA" : "withECDSA";
    return verifies(signature, message)
        || (!isEd25519()
            && Stream.of("SHA256", "SHA384", "SHA512")
                .anyMatch(digest -> verifies(new Form(digest + scheme), signature, message)));
  }

  /// Whether the holder of the key signed the message.
  public boolean verifies(byte[] signature, byte[] message) {
    for (Form form : forms) {
      if (verifies(form, signature, message)) {
        return true;
      }
    }
    return false;
  }

  private boolean verifies(Form form, byte[] signature, byte[] message) {
    try {
      Signature verifier = Signature.getInstance(form.algorithm);
      if (form.parameters != null) {
        verifier.setParameter(form.parameters);
      }
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false; // a signature that is none does not verify
    }
  }

  /// `SubjectPublicKeyInfo` in DER. The array is a copy.
  public byte[] encoded() {
    return encoded.clone();
  }

  public boolean isEncodedAs(byte[] other) {
    return Arrays.equals(encoded, other);
  }

  /// The last 32 bytes are the key itself.
  public boolean isEd25519() {
    return key.getAlgorithm().equals("EdDSA");
  }

  /// SHA-256 of its encoding: how logs and people tell keys apart.
  public byte[] id() {
    return Digests.sha256(encoded);
  }

  @Override
  public String toString() {
    return "key sha256:" + HexFormat.of().formatHex(id());
  }
}
