package io.sealift.simple;

import io.sealift.failure.Quoted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// A certificate in a line for people: `A1B2… Ada <ada@example.org>, expires 2030-01-01
/// (/etc/keys/ring.gpg)`.
record KeyLine(Certificate certificate, Instant now) {

  /// Characters of a user id; it may be long.
  private static final int MAX_NAME = 100;

  @Override
  public String toString() {
    Standing standing = new Standing(certificate, now);
    return "%s %s, %s (%s)"
        .formatted(
            Certificate.fingerprint(certificate.primary()),
            name(standing.userId()),
            state(standing),
            String.join(", ", certificate.origins()));
  }

  private static String name(byte @Nullable [] userId) {
    return userId == null
        ? "without a user id"
        : Quoted.of(new String(userId, StandardCharsets.UTF_8), MAX_NAME);
  }

  private String state(Standing standing) {
    String objection = standing.objectionToPrimary();
    if (objection != null) {
      return "of no use: " + objection;
    }
    boolean signs = standing.objection(certificate.primary()) == null;
    for (Certificate.Subkey subkey : certificate.subkeys()) {
      signs |= standing.objection(subkey.key()) == null;
    }
    if (!signs) {
      return "of no use: none of its keys may sign data";
    }
    Instant expiry = standing.expiry();
    return expiry == null
        ? "does not expire"
        : "expires " + expiry.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
