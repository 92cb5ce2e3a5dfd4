package io.sealift.simple;

import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// The mathematics of signatures: whether a key made one over something. What malformed signatures
/// and keys make the library throw means no.
final class KeyProof {

  private KeyProof() {}

  /// Over data.
  static boolean isOver(byte[] data, PGPSignature signature, PGPPublicKey by) {
    return holds(
        signature,
        by,
        verifying -> {
          verifying.update(data);
          return verifying.verify();
        });
  }

  /// Over the key itself: a statement about it, or its revocation.
  static boolean isOverItself(PGPSignature signature, PGPPublicKey by) {
    return isOver(by, signature, by);
  }

  /// Over a primary key.
  static boolean isOver(PGPPublicKey key, PGPSignature signature, PGPPublicKey by) {
    return holds(signature, by, verifying -> verifying.verifyCertification(key));
  }

  /// Over the primary key and one of its user ids.
  static boolean isOverUserId(byte[] userId, PGPSignature signature, PGPPublicKey primary) {
    return holds(signature, primary, verifying -> verifying.verifyCertification(userId, primary));
  }

  /// Over both keys, made by one of them.
  static boolean isOverBoth(
      PGPPublicKey primary, PGPPublicKey subkey, PGPSignature signature, PGPPublicKey by) {
    return holds(signature, by, verifying -> verifying.verifyCertification(primary, subkey));
  }

  /// A check that the library does.
  private interface Check {
    boolean of(PGPSignature signature) throws PGPException;
  }

  private static boolean holds(PGPSignature signature, PGPPublicKey by, Check check) {
    if (signature.getKeyAlgorithm() != by.getAlgorithm()) {
      return false;
    }
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), by);
      return check.of(signature);
    } catch (PGPException | RuntimeException malformed) {
      return false;
    }
  }
}
