package io.sealift.simple;

import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.policy.Signature.Claim;

/// What becomes of messages: the signer and the claim, or why there is none.
final class Verdicts {

  static final Digest DIGEST = new Digest(DigestAlgorithm.SHA256, "ab".repeat(32));
  static final byte[] PAYLOAD = Messages.payload(DIGEST);
  static final Claim CLAIM = new Claim(DIGEST, Messages.REFERENCE);

  private Verdicts() {}

  static KeyRing ring(byte[]... rings) throws WorthlessException {
    CertificateReader reader = new CertificateReader();
    for (byte[] ring : rings) {
      reader.read(ring, "a ring");
    }
    return new KeyRing(reader.certificates());
  }

  /// The signer of a message with a sound payload.
  static String signer(byte[] message, KeyRing ring) throws WorthlessException {
    Verifier.Signed signed =
        new Verifier(ring, TestKey.NOW).verify(SignedMessage.parse(SignatureBlob.message(message)));
    Claim claim = SignatureSearch.claim(signed.content());
    if (!claim.equals(CLAIM)) {
      throw new AssertionError("another claim: " + claim);
    }
    return signed.signer();
  }

  /// `signed by …`, or the reason why not.
  static String of(byte[] message, KeyRing ring) {
    try {
      return "signed by " + signer(message, ring);
    } catch (WorthlessException worthless) {
      return String.valueOf(worthless.getMessage());
    }
  }

  /// The verdict about the usual payload, signed so.
  static String of(Signing signing, KeyRing ring) throws Exception {
    return of(Messages.signed(PAYLOAD, signing), ring);
  }
}
