package io.sealift.simple;

import java.time.Instant;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.jspecify.annotations.Nullable;

/// What any OpenPGP signature has to fulfil besides its mathematics to count at some moment. What a
/// signature says about itself counts only where it is signed too.
final class SignatureRules {

  /// Digests for signatures of data: nobody can make two texts with the same one.
  private static final Set<Integer> STRONG =
      Set.of(
          HashAlgorithmTags.SHA224,
          HashAlgorithmTags.SHA256,
          HashAlgorithmTags.SHA384,
          HashAlgorithmTags.SHA512,
          HashAlgorithmTags.SHA3_256,
          HashAlgorithmTags.SHA3_512);

  /// Digests that will do for what a key's owner says about the own key: a second text for an old
  /// digest cannot be made, and who can choose both texts is the owner. Keys of distributions from
  /// before 2013 are signed so, and gpg accepts them.
  private static final Set<Integer> OLD =
      Set.of(HashAlgorithmTags.SHA1, HashAlgorithmTags.RIPEMD160);

  /// Subpackets that mean nothing here, or that are obeyed (RFC 9580 §5.2.3.7). One that is
  /// critical and not among these makes a signature void, as its maker wanted.
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          SignatureSubpacketTags.CREATION_TIME,
          SignatureSubpacketTags.EXPIRE_TIME,
          SignatureSubpacketTags.EXPORTABLE,
          SignatureSubpacketTags.REVOCABLE,
          SignatureSubpacketTags.KEY_EXPIRE_TIME,
          SignatureSubpacketTags.PREFERRED_SYM_ALGS,
          SignatureSubpacketTags.PREFERRED_HASH_ALGS,
          SignatureSubpacketTags.PREFERRED_COMP_ALGS,
          SignatureSubpacketTags.REVOCATION_KEY,
          SignatureSubpacketTags.ISSUER_KEY_ID,
          SignatureSubpacketTags.ISSUER_FINGERPRINT,
          SignatureSubpacketTags.KEY_SERVER_PREFS,
          SignatureSubpacketTags.PREFERRED_KEY_SERV,
          SignatureSubpacketTags.PRIMARY_USER_ID,
          SignatureSubpacketTags.POLICY_URL,
          SignatureSubpacketTags.KEY_FLAGS,
          SignatureSubpacketTags.SIGNER_USER_ID,
          SignatureSubpacketTags.REVOCATION_REASON,
          SignatureSubpacketTags.FEATURES,
          SignatureSubpacketTags.EMBEDDED_SIGNATURE,
          SignatureSubpacketTags.PREFERRED_AEAD_ALGORITHMS);

  private SignatureRules() {}

  /// Why a signature of data by this key does not count now; null when it does.
  static @Nullable String objectionToData(PGPSignature signature, PGPPublicKey key, Instant now) {
    if (!STRONG.contains(signature.getHashAlgorithm())) {
      return "its digest is %s, expected SHA-2 or SHA-3".formatted(name(signature));
    }
    return objection(signature, key, now);
  }

  private static String name(PGPSignature signature) {
    return switch (signature.getHashAlgorithm()) {
      case HashAlgorithmTags.MD5 -> "MD5";
      case HashAlgorithmTags.SHA1 -> "SHA-1";
      case HashAlgorithmTags.RIPEMD160 -> "RIPEMD-160";
      default -> "of algorithm " + signature.getHashAlgorithm();
    };
  }

  /// Whether a key's own statement about itself counts now.
  static boolean isSound(PGPSignature signature, PGPPublicKey key, Instant now) {
    int hash = signature.getHashAlgorithm();
    return (STRONG.contains(hash) || OLD.contains(hash)) && objection(signature, key, now) == null;
  }

  private static @Nullable String objection(PGPSignature signature, PGPPublicKey key, Instant now) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    if (hashed != null) {
      if (hashed.getSignatureCreationTime() == null) {
        return "it does not say when it was made";
      }
      for (SignatureSubpacket subpacket : hashed.toArray()) {
        if (subpacket.isCritical() && !UNDERSTOOD.contains(subpacket.getType())) {
          return "it has a critical subpacket of type %d, which is not understood"
              .formatted(subpacket.getType());
        }
      }
    }
    Instant made = signature.getCreationTime().toInstant();
    if (made.isBefore(key.getCreationTime().toInstant())) {
      return "it was made before its key";
    }
    long lifetime = hashed == null ? 0 : hashed.getSignatureExpirationTime();
    Instant end = made.plusSeconds(lifetime);
    return lifetime > 0 && !now.isBefore(end) ? "it expired at " + end : null;
  }
}
