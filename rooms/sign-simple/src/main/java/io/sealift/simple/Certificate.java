package io.sealift.simple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;

/// A primary key with everything that was found beside it in key rings, none of it proved yet (RFC
/// 9580 §10.1): what several rings say about one key is put together, so that a revocation counts
/// wherever it stands. Filled by {@link CertificateReader}.
final class Certificate {

  private final PGPPublicKey primary;
  private final List<PGPSignature> revocations;
  private final Set<String> origins = new LinkedHashSet<>();
  private final List<PGPSignature> direct = new ArrayList<>();
  private final Map<String, UserId> userIds = new LinkedHashMap<>();
  private final Map<String, Subkey> subkeys = new LinkedHashMap<>();

  /// @param revocations all that the rings hold, also of other keys; may grow
  Certificate(PGPPublicKey primary, List<PGPSignature> revocations) {
    this.primary = primary;
    this.revocations = revocations;
  }

  /// A further key and the signatures that stand behind it.
  record Subkey(PGPPublicKey key, List<PGPSignature> signatures) {}

  /// A name that the key is said to be of, as it is, and the signatures that stand behind it.
  @SuppressWarnings("ArrayRecordComponent")
  record UserId(byte[] bytes, List<PGPSignature> signatures) {}

  /// As people write it: upper-case hexadecimal digits.
  static String fingerprint(PGPPublicKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
  }

  PGPPublicKey primary() {
    return primary;
  }

  /// Names of the rings that the key is in.
  Set<String> origins() {
    return origins;
  }

  /// Revocations of keys and subkeys, also of others, from wherever they stand in the rings: one
  /// that was put into a wrong place, or stands alone, counts all the same.
  List<PGPSignature> revocations() {
    return revocations;
  }

  /// Signatures that stand behind the primary key itself.
  List<PGPSignature> direct() {
    return direct;
  }

  Iterable<UserId> userIds() {
    return userIds.values();
  }

  /// Signatures that stand behind a user id.
  List<PGPSignature> ofUserId(byte[] userId) {
    String octets = new String(userId, StandardCharsets.ISO_8859_1);
    return userIds
        .computeIfAbsent(octets, same -> new UserId(userId, new ArrayList<>()))
        .signatures();
  }

  Iterable<Subkey> subkeys() {
    return subkeys.values();
  }

  List<PGPSignature> ofSubkey(PGPPublicKey key) {
    return subkeys
        .computeIfAbsent(fingerprint(key), fingerprint -> new Subkey(key, new ArrayList<>()))
        .signatures();
  }
}
