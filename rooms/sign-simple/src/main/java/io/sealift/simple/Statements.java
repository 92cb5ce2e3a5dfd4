package io.sealift.simple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.jspecify.annotations.Nullable;

/// What statements of a key's owner say in their subpackets (RFC 9580 §5.2.3).
final class Statements {

  @SuppressWarnings("deprecation") // old keys have the old algorithms
  private static final Set<Integer> SIGNING_ALGORITHMS =
      Set.of(
          PublicKeyAlgorithmTags.RSA_GENERAL,
          PublicKeyAlgorithmTags.RSA_SIGN,
          PublicKeyAlgorithmTags.DSA,
          PublicKeyAlgorithmTags.ECDSA,
          PublicKeyAlgorithmTags.EDDSA_LEGACY,
          PublicKeyAlgorithmTags.Ed25519,
          PublicKeyAlgorithmTags.Ed448);

  private Statements() {}

  /// When a key expires, by the first statement that speaks of it; null when it does not.
  static @Nullable Instant expiry(List<PGPSignature> statements, PGPPublicKey key) {
    for (PGPSignature statement : statements) {
      PGPSignatureSubpacketVector said = statement.getHashedSubPackets();
      if (said != null && said.getKeyExpirationTime() > 0) {
        return key.getCreationTime().toInstant().plusSeconds(said.getKeyExpirationTime());
      }
    }
    return null;
  }

  /// Whether a key is for signing data, by the first statement that speaks of it, else by its
  /// algorithm.
  static boolean areForSigning(List<PGPSignature> statements, PGPPublicKey key) {
    if (!SIGNING_ALGORITHMS.contains(key.getAlgorithm())) {
      return false;
    }
    for (PGPSignature statement : statements) {
      PGPSignatureSubpacketVector said = statement.getHashedSubPackets();
      if (said != null && said.hasSubpacket(SignatureSubpacketTags.KEY_FLAGS)) {
        return (said.getKeyFlags() & KeyFlags.SIGN_DATA) != 0;
      }
    }
    return true;
  }

  /// Whether a statement lets whoever made this revocation revoke the key.
  @SuppressWarnings("deprecation") // old keys have the old way
  static boolean appoints(PGPSignature statement, PGPSignature revocation) {
    PGPSignatureSubpacketVector said = statement.getHashedSubPackets();
    return said != null
        && Arrays.stream(said.getRevocationKeys())
            .anyMatch(revoker -> revocation.hasKeyIdentifier(revoker.getKeyIdentifier()));
  }

  /// Signatures by a subkey inside its binding, in either part of it: they prove themselves.
  static List<PGPSignature> backSignatures(PGPSignature binding) {
    List<PGPSignature> found = new ArrayList<>();
    addBackSignatures(binding.getHashedSubPackets(), found);
    addBackSignatures(binding.getUnhashedSubPackets(), found);
    return found;
  }

  private static void addBackSignatures(
      @Nullable PGPSignatureSubpacketVector subpackets, List<PGPSignature> found) {
    if (subpackets == null) {
      return;
    }
    try {
      for (PGPSignature embedded : subpackets.getEmbeddedSignatures()) {
        if (embedded.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING) {
          found.add(embedded);
        }
      }
    } catch (PGPException | RuntimeException malformed) {
      return; // no signature, so that the subkey has none
    }
  }
}
