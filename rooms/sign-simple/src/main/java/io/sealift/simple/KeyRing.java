package io.sealift.simple;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Material;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;

/// The certificates that a requirement trusts, from all its key rings.
///
/// @param certificates at least one
record KeyRing(List<Certificate> certificates) {

  KeyRing {
    certificates = List.copyOf(certificates);
  }

  /// A key and the certificate that it stands in.
  record Candidate(Certificate certificate, PGPPublicKey key) {}

  /// @throws PolicyRefusedException when a ring holds no key
  static KeyRing read(List<Material> rings, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    CertificateReader reader = new CertificateReader();
    for (Material ring : rings) {
      byte[] bytes = ring.read(secrets);
      try {
        reader.read(bytes, ring.name());
      } catch (WorthlessException unusable) {
        throw new PolicyRefusedException(
            "read key ring %s: expected OpenPGP public keys, %s"
                .formatted(ring.name(), unusable.getMessage()),
            unusable);
      }
    }
    return new KeyRing(reader.certificates());
  }

  /// The keys that a signature says made it: all that it says has to be true of a key.
  List<Candidate> candidates(PGPSignature signature) {
    List<KeyIdentifier> issuers = signature.getKeyIdentifiers();
    List<Candidate> candidates = new ArrayList<>();
    for (Certificate certificate : certificates) {
      if (areAll(issuers, certificate.primary())) {
        candidates.add(new Candidate(certificate, certificate.primary()));
      }
      for (Certificate.Subkey subkey : certificate.subkeys()) {
        if (areAll(issuers, subkey.key())) {
          candidates.add(new Candidate(certificate, subkey.key()));
        }
      }
    }
    return candidates;
  }

  private static boolean areAll(List<KeyIdentifier> identifiers, PGPPublicKey key) {
    return !identifiers.isEmpty()
        && identifiers.stream()
            .allMatch(identifier -> identifier.matchesExplicit(key.getKeyIdentifier()));
  }
}
