package io.sealift.sigstore;

import io.sealift.sigstore.Evidence.Content;
import io.sealift.sigstore.certificate.Authority;
import io.sealift.sigstore.certificate.Authority.Usage;
import io.sealift.sigstore.certificate.Identity;
import io.sealift.sigstore.certificate.TimeStamp;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.sigstore.log.LogEntry;
import io.sealift.sigstore.log.LogEntry.Seen;
import io.sealift.sigstore.log.Signed;
import io.sealift.sigstore.trust.Trust;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves a signature to a requirement. All of this has to hold:
///
/// | check | when |
/// |---|---|
/// | a key of the policy, or the certificate's, made the signature | always |
/// | the certificate has the identity | certificates |
/// | a log saw this very signature, key and content | the policy names logs |
/// | the signature has a time that a log or a time stamp authority vouches for | certificates, but private authorities' |
/// | an authority issued the certificate for signing code, and all of the chain was valid at every such time; for private authorities, is now | certificates |
/// | a certificate log promised to publish the certificate | the trusted root names such logs |
final class Verifier {

  /// Log entries, and time stamps, of one signature; there is one of each.
  private static final int MAX_WITNESSES = 8;

  private final Trust trust;
  private final InstantSource clock;

  Verifier(Trust trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  /// @return who signed, for people
  String verify(Evidence evidence) throws Unproven {
    if (evidence.entries().size() > MAX_WITNESSES || evidence.timeStamps().size() > MAX_WITNESSES) {
      throw new Unproven(
          "a signature with more than %d log entries or time stamps".formatted(MAX_WITNESSES));
    }
    return switch (trust.signers()) {
      case Trust.Holders holders -> verify(evidence, holders);
      case Trust.Certified certified -> verify(evidence, certified);
    };
  }

  private String verify(Evidence evidence, Trust.Holders holders) throws Unproven {
    for (VerifyingKey key : holders.keys()) {
      if (key.verifies(evidence.signature(), evidence.message())) {
        seenByLog(evidence, key, null);
        return key.toString();
      }
    }
    throw new Unproven(
        "no key of the policy made this signature (%d tried)".formatted(holders.keys().size()));
  }

  private String verify(Evidence evidence, Trust.Certified certified) throws Unproven {
    if (evidence.certificates().isEmpty()) {
      throw new Unproven("a signature without a certificate");
    }
    X509Certificate leaf = evidence.certificates().getFirst();
    VerifyingKey key = VerifyingKey.of(leaf);
    if (!key.verifies(evidence.signature(), evidence.message())) {
      throw new Unproven("the key of the certificate did not make this signature");
    }
    certified.identity().check(leaf);
    Seen seen = seenByLog(evidence, key, leaf);
    List<Instant> times = certified.now() ? List.of(clock.instant()) : times(evidence, seen);
    checkCertificate(evidence, certified, times);
    return Identity.describe(leaf);
  }

  /// @return what a log said about the signature; null when none need have seen it
  private @Nullable Seen seenByLog(
      Evidence evidence, VerifyingKey key, @Nullable X509Certificate certificate) throws Unproven {
    if (trust.logs().isEmpty()) {
      return null;
    }
    Signed.Envelope envelope =
        evidence.content() instanceof Content.Attestation(byte[] statement, byte[] raw)
            ? new Signed.Envelope(statement, raw)
            : null;
    Signed signed =
        new Signed(evidence.message(), evidence.signature(), envelope, key, certificate);
    Unproven reason = new Unproven("a signature without a log entry, which the policy demands");
    for (LogEntry entry : evidence.entries()) {
      try {
        if (evidence.proofsDemanded() && entry.proof() == null) {
          throw new Unproven("a log entry without an inclusion proof, which its bundle demands");
        }
        return entry.check(trust.logs(), signed);
      } catch (Unproven other) {
        reason = other;
      }
    }
    throw reason;
  }

  /// When the signature was there, by those whom the policy trusts in this: at least one time.
  private List<Instant> times(Evidence evidence, @Nullable Seen seen) throws Unproven {
    List<Instant> times = new ArrayList<>();
    if (seen != null && seen.time() != null) {
      times.add(seen.time());
    }
    Unproven reason = new Unproven("a certificate without a verified time of its use");
    for (byte[] response : evidence.timeStamps()) {
      try {
        times.add(TimeStamp.read(response).check(evidence.signature(), trust.timeAuthorities()));
      } catch (Unproven other) {
        reason = other; // another authority may be trusted
      }
    }
    if (times.isEmpty()) {
      throw reason;
    }
    if (seen != null) {
      seen.checkPeriod(times);
    }
    return times;
  }

  private static void checkCertificate(
      Evidence evidence, Trust.Certified certified, List<Instant> times) throws Unproven {
    X509Certificate leaf = evidence.certificates().getFirst();
    List<X509Certificate> brought =
        evidence.certificates().subList(1, evidence.certificates().size());
    Unproven reason = new Unproven("no authority is trusted");
    for (Authority authority : certified.authorities()) {
      try {
        for (Instant time : times) {
          X509Certificate issuer = authority.check(leaf, brought, time, Usage.CODE_SIGNING);
          certified.certificateLogs().check(leaf, issuer);
        }
        return;
      } catch (Unproven other) {
        reason = other;
      }
    }
    throw reason;
  }
}
