package io.sealift.sigstore.trust;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement;
import io.sealift.policy.TrustAnchor;
import io.sealift.secret.SecretSource;
import io.sealift.sigstore.certificate.Authority;
import io.sealift.sigstore.certificate.CertificateLogs;
import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.certificate.Identity;
import io.sealift.sigstore.certificate.Period;
import io.sealift.sigstore.crypto.Pem;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import io.sealift.sigstore.log.Log;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a requirement trusts. What is not exactly what it should be is refused, so that a
/// requirement never trusts less or more than was written.
public final class TrustReader {

  private static final CertificateLogs NO_CERTIFICATE_LOGS = new CertificateLogs(List.of());

  private final SecretSource secrets;
  private final List<String> lines = new ArrayList<>();

  public TrustReader(SecretSource secrets) {
    this.secrets = secrets;
  }

  /// One line for each key, authority and log that was read, for people.
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /// @throws PolicyRefusedException when something is malformed
  public Trust read(Requirement.SigstoreSigned requirement)
      throws ImageException, InterruptedIOException {
    List<Log> logs = new ArrayList<>();
    Trust trust =
        switch (requirement.anchor()) {
          case TrustAnchor.PublicKeys(List<Material> keys) -> trust(holders(keys));
          case TrustAnchor.Fulcio fulcio ->
              trust(
                  certified(
                      authority(fulcio.ca(), null),
                      new Identity(
                          fulcio.oidcIssuer(), fulcio.subjectEmail(), fulcio.subjectUri(), null),
                      false));
          case TrustAnchor.Pki pki ->
              trust(
                  certified(
                      authority(pki.caRoots(), pki.caIntermediates()),
                      new Identity(null, pki.subjectEmail(), null, pki.subjectHostname()),
                      true));
          case TrustAnchor.TrustedRoot root -> trustedRoot(root);
        };
    logs.addAll(trust.logs());
    for (Material key : requirement.rekorKeys()) {
      for (VerifyingKey each : keys(key, "log ")) {
        logs.add(new Log(each, Period.ALWAYS));
      }
    }
    return new Trust(trust.signers(), logs, trust.timeAuthorities());
  }

  private static Trust trust(Trust.Signers signers) {
    return new Trust(signers, List.of(), List.of());
  }

  private Trust.Signers holders(List<Material> materials)
      throws ImageException, InterruptedIOException {
    List<VerifyingKey> keys = new ArrayList<>();
    for (Material material : materials) {
      keys.addAll(keys(material, ""));
    }
    return new Trust.Holders(keys);
  }

  private List<VerifyingKey> keys(Material material, String kind)
      throws ImageException, InterruptedIOException {
    byte[] pem = material.read(secrets);
    try {
      List<VerifyingKey> keys = new ArrayList<>();
      for (byte[] der : Pem.explained(pem, "PUBLIC KEY", "the key")) {
        VerifyingKey key = VerifyingKey.of(der, "the key");
        lines.add("%s%s (%s)".formatted(kind, key, material.name()));
        keys.add(key);
      }
      return keys;
    } catch (Unproven malformed) {
      throw refusal(material, malformed);
    }
  }

  private Authority authority(Material roots, @Nullable Material intermediates)
      throws ImageException, InterruptedIOException {
    List<X509Certificate> more = intermediates == null ? List.of() : certificates(intermediates);
    return new Authority(roots.name(), certificates(roots), more, Period.ALWAYS);
  }

  private List<X509Certificate> certificates(Material material)
      throws ImageException, InterruptedIOException {
    byte[] pem = material.read(secrets);
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (byte[] der : Pem.explained(pem, "CERTIFICATE", "the certificate")) {
        X509Certificate certificate = Certificates.read(der, "the certificate");
        lines.add(
            "authority '%s', expires %s (%s)"
                .formatted(
                    certificate.getSubjectX500Principal(),
                    certificate.getNotAfter().toInstant(),
                    material.name()));
        certificates.add(certificate);
      }
      return certificates;
    } catch (Unproven malformed) {
      throw refusal(material, malformed);
    }
  }

  private static Trust.Signers certified(Authority authority, Identity identity, boolean now) {
    return new Trust.Certified(List.of(authority), identity, NO_CERTIFICATE_LOGS, now);
  }

  private Trust trustedRoot(TrustAnchor.TrustedRoot root)
      throws ImageException, InterruptedIOException {
    byte[] json = root.file().read(secrets);
    Identity identity =
        new Identity(root.oidcIssuer(), root.subjectEmail(), root.subjectUri(), null);
    try {
      TrustedRootFile file = TrustedRootFile.parse(json);
      file.describe().forEach(line -> lines.add("%s (%s)".formatted(line, root.file().name())));
      return new Trust(
          new Trust.Certified(
              file.certificateAuthorities(),
              identity,
              new CertificateLogs(file.certificateLogs()),
              false),
          file.logs(),
          file.timeAuthorities());
    } catch (Unproven malformed) {
      throw refusal(root.file(), malformed);
    }
  }

  private static PolicyRefusedException refusal(Material material, Unproven malformed) {
    return new PolicyRefusedException(
        "read %s: %s".formatted(material.name(), malformed.getMessage()), malformed);
  }
}
