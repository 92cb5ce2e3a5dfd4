package io.sealift.sigstore.trust;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.policy.Material;
import io.sealift.sigstore.certificate.Authority;
import io.sealift.sigstore.certificate.CertificateLogs.CertificateLog;
import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.certificate.Period;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.sigstore.log.Log;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A `trusted_root.json` (sigstore/protobuf-specs, `TrustedRoot`): whom an instance of Sigstore
/// consists of, and when each was trusted. A key or period that is not understood makes the whole
/// file unusable: what it demands must not become less.
///
/// @param certificateAuthorities at least one
/// @param certificateLogs none when certificates need not be in one
/// @param logs none when signatures need not be in one
/// @param timeAuthorities whose time stamps count
record TrustedRootFile(
    List<Authority> certificateAuthorities,
    List<CertificateLog> certificateLogs,
    List<Log> logs,
    List<Authority> timeAuthorities) {

  private static final String MEDIA_TYPE = "application/vnd.dev.sigstore.trustedroot";

  /// Authorities and logs of one kind; public instances have three.
  private static final int MAX_ENTRIES = 64;

  static TrustedRootFile parse(byte[] json) throws Unproven {
    try {
      JsonObject file =
          JsonReader.readObject(json, "trusted root", JsonLimits.ofBytes(Material.MAX_BYTES));
      String mediaType = file.string("mediaType");
      if (!mediaType.startsWith(MEDIA_TYPE)) {
        throw new Unproven(
            "expected a trusted root (%s), found %s".formatted(MEDIA_TYPE, mediaType));
      }
      List<CertificateLog> certificateLogs = new ArrayList<>();
      for (JsonObject log : entries(file, "ctlogs")) {
        certificateLogs.add(new CertificateLog(key(log), period(log.object("publicKey"))));
      }
      List<Log> logs = new ArrayList<>();
      for (JsonObject log : entries(file, "tlogs")) {
        logs.add(new Log(key(log), period(log.object("publicKey"))));
      }
      List<Authority> authorities = authorities(file, "certificateAuthorities");
      if (authorities.isEmpty()) {
        throw new Unproven("a trusted root without certificate authorities");
      }
      List<Authority> timeAuthorities = authorities(file, "timestampAuthorities");
      return new TrustedRootFile(authorities, certificateLogs, logs, timeAuthorities);
    } catch (UnsafeContentException malformed) {
      throw new Unproven(malformed.getMessage(), malformed);
    }
  }

  private static List<JsonObject> entries(JsonObject file, String name)
      throws UnsafeContentException, Unproven {
    List<JsonObject> entries = file.objects(name);
    if (entries.size() > MAX_ENTRIES) {
      throw new Unproven("a trusted root with more than %d %s".formatted(MAX_ENTRIES, name));
    }
    return entries;
  }

  private static VerifyingKey key(JsonObject log) throws UnsafeContentException, Unproven {
    JsonObject key = log.object("publicKey");
    String what = "the key of " + log.optionalString("baseUrl").orElse(log.place());
    byte[] bytes = Base64Text.decode(key.string("rawBytes"), what);
    return key.optionalString("keyDetails").orElse("").startsWith("PKCS1_")
        ? VerifyingKey.ofRsa(bytes, what)
        : VerifyingKey.of(bytes, what);
  }

  /// The member `validFor`, which has to say at least when it began.
  private static Period period(JsonObject of) throws UnsafeContentException, Unproven {
    JsonObject period = of.object("validFor");
    try {
      return new Period(
          Instant.parse(period.string("start")),
          period.has("end") ? Instant.parse(period.string("end")) : null);
    } catch (DateTimeException malformed) {
      throw new Unproven("%s is no period".formatted(period.place()), malformed);
    }
  }

  /// A chain ends in its root.
  private static List<Authority> authorities(JsonObject file, String name)
      throws UnsafeContentException, Unproven {
    List<Authority> authorities = new ArrayList<>();
    for (JsonObject entry : entries(file, name)) {
      List<X509Certificate> chain = new ArrayList<>();
      for (JsonObject certificate : entries(entry.object("certChain"), "certificates")) {
        String what = certificate.place() + "/rawBytes";
        chain.add(Certificates.read(Base64Text.decode(certificate.string("rawBytes"), what), what));
      }
      if (chain.isEmpty()) {
        throw new Unproven("%s has no certificates".formatted(entry.place()));
      }
      String uri = entry.optionalString("uri").orElse(entry.place());
      authorities.add(
          new Authority(
              uri, List.of(chain.getLast()), chain.subList(0, chain.size() - 1), period(entry)));
    }
    return authorities;
  }

  /// A line for each authority and log.
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    certificateAuthorities.forEach(authority ->
        lines.add("authority %s, trusted %s".formatted(authority.name(), authority.period())));
    logs.forEach(log -> lines.add("log %s, trusted %s".formatted(log.key(), log.period())));
    certificateLogs.forEach(
        log -> lines.add("certificate log %s, trusted %s".formatted(log.key(), log.period())));
    timeAuthorities.forEach(authority ->
        lines.add(
            "time stamp authority %s, trusted %s".formatted(authority.name(), authority.period())));
    return lines;
  }
}
