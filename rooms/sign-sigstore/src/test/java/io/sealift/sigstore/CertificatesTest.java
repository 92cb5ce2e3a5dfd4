package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.crypto.Der;
import io.sealift.sigstore.crypto.Unproven;
import org.junit.jupiter.api.Test;

class CertificatesTest {

  private static final TestAuthority AUTHORITY = TestAuthority.fulcio();

  /// Bits that are zero change nothing that is signed when they are called unused, and Java
  /// verifies such a signature.
  @Test
  void aSignatureWithUnusedBitsIsRefused() throws Exception {
    byte[] certificate = withAnEvenSignature();
    byte[] changed = certificate.clone();
    changed[unusedBits(certificate)] = 1;

    assertEquals(
        AUTHORITY.intermediate.getSubjectX500Principal(),
        Certificates.read(certificate, "it").getIssuerX500Principal());
    Unproven refused = assertThrows(Unproven.class, () -> Certificates.read(changed, "it"));
    assertEquals("not DER: bits that are no whole octets", refused.getMessage());
  }

  /// One whose last bit is zero; every second is.
  private static byte[] withAnEvenSignature() {
    byte[] certificate;
    do {
      certificate = TestAuthority.der(AUTHORITY.leaf(SigningKey.make()).issue());
    } while ((certificate[certificate.length - 1] & 1) != 0);
    return certificate;
  }

  /// The first octet in the string of bits that is the signature.
  private static int unusedBits(byte[] certificate) throws Unproven {
    return Der.read(certificate).child(2).content();
  }
}
