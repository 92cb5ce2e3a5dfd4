package io.sealift.sigstore.certificate;

import io.sealift.sigstore.crypto.Unproven;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who vouches for certificates: a Fulcio, a private authority, a time stamp authority.
///
/// @param name how people call it
/// @param anchors certificates that are trusted in themselves
/// @param intermediates certificates that an anchor may have issued, or a time stamp authority's
///   own
/// @param period when the authority was trusted
public record Authority(
    String name,
    List<X509Certificate> anchors,
    List<X509Certificate> intermediates,
    Period period) {

  /// Intermediates that a signature may bring along; Fulcio's has one. Hostile ones that issued
  /// each other make as many paths as there are ways to put them in order, and all are tried.
  private static final int MAX_BROUGHT = 5;

  /// What a certificate may be used for (RFC 5280, 4.2.1.12).
  public enum Usage {
    CODE_SIGNING("1.3.6.1.5.5.7.3.3"),
    TIME_STAMPING("1.3.6.1.5.5.7.3.8");

    private final String identifier;

    Usage(String identifier) {
      this.identifier = identifier;
    }
  }

  public Authority {
    anchors = List.copyOf(anchors);
    intermediates = List.copyOf(intermediates);
  }

  /// Checks that the authority vouched for the certificate at a time: a path (RFC 5280, 6) of which
  /// every certificate was valid then and may be used for this, and which ends in an anchor.
  ///
  /// @param brought certificates that the signature brought along; not trusted, and roots among
  ///   them are passed over
  /// @return the certificate of the leaf's issuer
  public X509Certificate check(
      X509Certificate leaf, List<X509Certificate> brought, Instant time, Usage usage)
      throws Unproven {
    List<X509Certificate> intermediate =
        brought.stream().filter(each -> !Certificates.isRoot(each) && !each.equals(leaf)).toList();
    if (intermediate.size() > MAX_BROUGHT) {
      throw new Unproven(
          "a signature with more than %d intermediate certificates".formatted(MAX_BROUGHT));
    }
    if (!period.contains(time)) {
      throw new Unproven(
          "the authority %s was trusted %s, not at %s".formatted(name, period, time));
    }
    if (leaf.getBasicConstraints() >= 0) {
      throw new Unproven("the certificate is an authority's");
    }
    checkValid(leaf, time);
    checkUsage(leaf, usage, true);
    List<X509Certificate> path = path(leaf, intermediate, time);
    for (X509Certificate issuer : path.subList(1, path.size())) {
      checkValid(issuer, time);
      checkUsage(issuer, usage, false);
    }
    return path.get(1);
  }

  private static void checkValid(X509Certificate certificate, Instant time) throws Unproven {
    Period valid =
        new Period(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
    if (!valid.contains(time)) {
      throw new Unproven(
          "the certificate of '%s' is valid %s, not at %s"
              .formatted(certificate.getSubjectX500Principal(), valid, time));
    }
  }

  private static void checkUsage(X509Certificate certificate, Usage usage, boolean leaf)
      throws Unproven {
    boolean[] bits = certificate.getKeyUsage();
    if (leaf && bits != null && !bits[0]) {
      throw new Unproven("the certificate's key is not for signing (key usage)");
    }
    List<String> usages = extendedUsage(certificate);
    if (usages == null ? leaf : !usages.contains(usage.identifier)) {
      throw new Unproven(
          "the certificate of '%s' is not for %s (extended key usage %s)"
              .formatted(certificate.getSubjectX500Principal(), usage, usages));
    }
  }

  private static @Nullable List<String> extendedUsage(X509Certificate certificate) throws Unproven {
    try {
      return certificate.getExtendedKeyUsage();
    } catch (CertificateParsingException malformed) {
      throw new Unproven("a certificate with a malformed extended key usage", malformed);
    }
  }

  /// @return leaf, intermediates, anchor
  private List<X509Certificate> path(
      X509Certificate leaf, List<X509Certificate> brought, Instant time) throws Unproven {
    try {
      Set<TrustAnchor> trusted = new HashSet<>();
      anchors.forEach(anchor -> trusted.add(new TrustAnchor(anchor, null)));
      List<X509Certificate> known = new ArrayList<>(brought);
      known.addAll(intermediates);
      known.add(leaf);
      X509CertSelector target = new X509CertSelector();
      target.setCertificate(leaf);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, target);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
      parameters.setDate(Date.from(time));
      parameters.setRevocationEnabled(false); // needs a network; short-lived certificates need none
      PKIXCertPathBuilderResult result =
          (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
      List<X509Certificate> path = new ArrayList<>();
      result.getCertPath().getCertificates().forEach(each -> path.add((X509Certificate) each));
      path.add(result.getTrustAnchor().getTrustedCert());
      if (!path.getFirst().equals(leaf) || path.size() < 2) {
        throw new Unproven("the certificate is the authority's own");
      }
      return path;
    } catch (CertPathBuilderException none) {
      throw new Unproven(
          "no path from the certificate to the authority %s that holds at %s".formatted(name, time),
          none);
    } catch (GeneralSecurityException unusable) {
      throw new IllegalStateException("this Java platform cannot check certificates", unusable);
    }
  }
}
