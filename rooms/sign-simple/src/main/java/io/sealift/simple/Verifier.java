package io.sealift.simple;

import java.time.Instant;
import java.util.List;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.jspecify.annotations.Nullable;

/// Proves who signed a message.
///
/// @param ring whose keys count
/// @param now when they have to
record Verifier(KeyRing ring, Instant now) {

  /// Data that were signed by somebody trusted.
  ///
  /// @param signer the fingerprint of the primary key, and of the subkey when that signed
  @SuppressWarnings("ArrayRecordComponent")
  record Signed(String signer, byte[] content) {}

  Signed verify(SignedMessage message) throws WorthlessException {
    PGPSignature signature = message.signature();
    try {
      return verify(message.content(), signature);
    } catch (RuntimeException malformed) {
      throw new WorthlessException(
          "malformed OpenPGP: the signature packet is not sound: " + malformed.getMessage(),
          malformed);
    }
  }

  private Signed verify(byte[] content, PGPSignature signature) throws WorthlessException {
    if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
      throw new WorthlessException(
          "it is a signature of type 0x%02x, expected one of binary data"
              .formatted(signature.getSignatureType()));
    }
    List<KeyRing.Candidate> candidates = ring.candidates(signature);
    if (candidates.isEmpty()) {
      throw new WorthlessException(
          "key %016X made it, which is not among the trusted ones".formatted(signature.getKeyID()));
    }
    String objection = "";
    for (KeyRing.Candidate candidate : candidates) {
      String found = objection(content, signature, candidate);
      if (found == null) {
        return new Signed(signer(candidate), content);
      }
      objection = found;
    }
    throw new WorthlessException(objection);
  }

  private @Nullable String objection(
      byte[] content, PGPSignature signature, KeyRing.Candidate candidate) {
    PGPPublicKey key = candidate.key();
    if (!KeyProof.isOver(content, signature, key)) {
      return "it does not match its data, or key %s did not make it"
          .formatted(Certificate.fingerprint(key));
    }
    String objection = SignatureRules.objectionToData(signature, key, now);
    return objection != null
        ? objection
        : new Standing(candidate.certificate(), now).objection(key);
  }

  private static String signer(KeyRing.Candidate candidate) {
    String primary = Certificate.fingerprint(candidate.certificate().primary());
    String key = Certificate.fingerprint(candidate.key());
    return key.equals(primary) ? primary : primary + " (subkey " + key + ")";
  }
}
