package io.sealift.simple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.jspecify.annotations.Nullable;

/// What the keys of a certificate may do at some moment, by those statements of the primary key
/// that hold (RFC 9580 §5.2.1, §10.1; where that leaves a choice, as gpg has it):
///
/// | a key signs data when | where that is said |
/// |---|---|
/// | it and the primary key exist already | in the keys |
/// | neither is revoked, whenever and for whatever reason | in any revocation by the primary key, or by whom it appointed |
/// | the primary key says something about itself | in its newest direct statement, and the newest for each user id |
/// | neither has expired, and it is for signing data | there; for a subkey in its newest binding |
/// | a subkey agrees to belong to the primary key | in a signature by it, inside the binding |
final class Standing {

  private static final Comparator<PGPSignature> NEWEST_FIRST =
      Comparator.comparing(PGPSignature::getCreationTime).reversed();

  private final Certificate certificate;
  private final PGPPublicKey primary;
  private final Instant now;

  /// Direct statements that hold, newest first.
  private final List<PGPSignature> direct;

  /// What decides, in this order: the newest direct statement, and the newest for each user id.
  private final List<PGPSignature> statements = new ArrayList<>();

  /// The user id of the newest statement for one.
  private byte @Nullable [] userId;

  Standing(Certificate certificate, Instant now) {
    this.certificate = certificate;
    this.primary = certificate.primary();
    this.now = now;
    this.direct =
        byPrimary(certificate.direct(), PGPSignature.DIRECT_KEY)
            .filter(statement -> KeyProof.isOverItself(statement, primary) && isSound(statement))
            .sorted(NEWEST_FIRST)
            .toList();
    direct.stream().limit(1).forEach(statements::add);
    statements.addAll(statementsForUserIds());
  }

  private List<PGPSignature> statementsForUserIds() {
    List<PGPSignature> newest = new ArrayList<>();
    for (Certificate.UserId id : certificate.userIds()) {
      PGPSignature statement = statementFor(id).orElse(null);
      if (statement != null) {
        boolean first =
            newest.stream().allMatch(other -> NEWEST_FIRST.compare(statement, other) < 0);
        userId = first ? id.bytes() : userId;
        newest.add(statement);
      }
    }
    newest.sort(NEWEST_FIRST);
    return newest;
  }

  private Optional<PGPSignature> statementFor(Certificate.UserId id) {
    boolean revoked =
        byPrimary(id.signatures(), PGPSignature.CERTIFICATION_REVOCATION)
            .anyMatch(revocation -> KeyProof.isOverUserId(id.bytes(), revocation, primary));
    return revoked
        ? Optional.empty()
        : id.signatures().stream()
            .filter(statement -> PGPSignature.isCertification(statement.getSignatureType()))
            .filter(this::isByPrimary)
            .filter(statement ->
                KeyProof.isOverUserId(id.bytes(), statement, primary) && isSound(statement))
            .min(NEWEST_FIRST);
  }

  private Stream<PGPSignature> byPrimary(List<PGPSignature> signatures, int type) {
    return signatures.stream()
        .filter(signature -> signature.getSignatureType() == type)
        .filter(this::isByPrimary);
  }

  /// By what it says of itself; spares the mathematics for strangers' signatures.
  private boolean isByPrimary(PGPSignature signature) {
    return signature.hasKeyIdentifier(primary.getKeyIdentifier());
  }

  private boolean isSound(PGPSignature statement) {
    return SignatureRules.isSound(statement, primary, now);
  }

  /// Why one of the certificate's keys may not sign data; null when it may.
  @Nullable String objection(PGPPublicKey key) {
    String objection = objectionToPrimary();
    if (objection != null) {
      return objection;
    }
    if (key.hasFingerprint(primary.getFingerprint())) {
      return Statements.areForSigning(statements, primary) ? null : notForSigning(primary);
    }
    return objectionToSubkey(key);
  }

  /// Why none of the certificate's keys may do anything; null when they may.
  @Nullable String objectionToPrimary() {
    String name = "key " + Certificate.fingerprint(primary);
    if (isFromTheFuture(primary)) {
      return name + " was made in the future, at " + primary.getCreationTime().toInstant();
    }
    if (isRevoked()) {
      return name + " is revoked";
    }
    if (statements.isEmpty()) {
      return name + " says nothing about itself that holds: no self-signature";
    }
    return objectionToAge(name, expiry());
  }

  /// When the primary key expires; null when it does not.
  @Nullable Instant expiry() {
    return Statements.expiry(statements, primary);
  }

  /// The user id of the newest statement, as it is; null when there is none that holds.
  byte @Nullable [] userId() {
    return userId == null ? null : userId.clone();
  }

  private boolean isFromTheFuture(PGPPublicKey key) {
    return key.getCreationTime().toInstant().isAfter(now);
  }

  private @Nullable String objectionToAge(String name, @Nullable Instant expiry) {
    return expiry != null && !now.isBefore(expiry) ? name + " expired at " + expiry : null;
  }

  private static String notForSigning(PGPPublicKey key) {
    return "key " + Certificate.fingerprint(key) + " is not for signing data";
  }

  /// A revocation by somebody whom the primary key appointed counts without proof, for that key is
  /// seldom at hand.
  private boolean isRevoked() {
    return byPrimary(certificate.revocations(), PGPSignature.KEY_REVOCATION)
            .anyMatch(revocation -> KeyProof.isOverItself(revocation, primary))
        || certificate.direct().stream()
            .filter(revocation -> revocation.getSignatureType() == PGPSignature.KEY_REVOCATION)
            .anyMatch(revocation ->
                direct.stream().anyMatch(statement -> Statements.appoints(statement, revocation)));
  }

  private @Nullable String objectionToSubkey(PGPPublicKey subkey) {
    String name = "subkey " + Certificate.fingerprint(subkey);
    List<PGPSignature> signatures = certificate.ofSubkey(subkey);
    if (isFromTheFuture(subkey)) {
      return name + " was made in the future, at " + subkey.getCreationTime().toInstant();
    }
    if (byPrimary(certificate.revocations(), PGPSignature.SUBKEY_REVOCATION)
        .anyMatch(revocation -> isOverBoth(revocation, subkey, primary))) {
      return name + " is revoked";
    }
    PGPSignature binding =
        byPrimary(signatures, PGPSignature.SUBKEY_BINDING)
            .filter(statement -> isOverBoth(statement, subkey, primary) && isSound(statement))
            .min(NEWEST_FIRST)
            .orElse(null);
    if (binding == null) {
      return name + " is not bound to key " + Certificate.fingerprint(primary);
    }
    String objection = objectionToAge(name, Statements.expiry(List.of(binding), subkey));
    if (objection != null) {
      return objection;
    }
    if (!Statements.areForSigning(List.of(binding), subkey)) {
      return notForSigning(subkey);
    }
    boolean agrees =
        Statements.backSignatures(binding).stream()
            .anyMatch(back ->
                isOverBoth(back, subkey, subkey) && SignatureRules.isSound(back, subkey, now));
    return agrees ? null : name + " does not agree to belong to its primary key: no back signature";
  }

  private boolean isOverBoth(PGPSignature signature, PGPPublicKey subkey, PGPPublicKey by) {
    return KeyProof.isOverBoth(primary, subkey, signature, by);
  }
}
