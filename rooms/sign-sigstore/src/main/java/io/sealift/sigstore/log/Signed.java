package io.sealift.sigstore.log;

import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/// One signature as it was proved: what an entry of a log has to be about.
///
/// @param message the bytes that are signed
/// @param envelope when the message is that of an envelope; null when it is the content itself
/// @param certificate of the key; null when the policy itself names the key
@SuppressWarnings("ArrayRecordComponent")
public record Signed(
    byte[] message,
    byte[] signature,
    @Nullable Envelope envelope,
    VerifyingKey key,
    @Nullable X509Certificate certificate) {

  /// @param payload what is in it
  /// @param raw the envelope's own text; null when only its parts are known
  public record Envelope(byte[] payload, byte @Nullable [] raw) {}

  /// What stands for the key in an entry: the certificate, or the key, in DER.
  byte[] keyMaterial() throws Unproven {
    return certificate == null ? key.encoded() : Certificates.encoded(certificate);
  }
}
