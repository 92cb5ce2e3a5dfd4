package io.sealift.registry.certs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/// Whether two keys are a pair, found out by a signature.
final class KeyTrial {

  private static final byte[] TEXT = "trial".getBytes(US_ASCII);

  private KeyTrial() {}

  static boolean belong(PrivateKey key, PublicKey certified) {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(TEXT);
      byte[] made = signature.sign();
      signature.initVerify(certified);
      signature.update(TEXT);
      return signature.verify(made);
    } catch (GeneralSecurityException neverSigns) {
      return false;
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }
}
