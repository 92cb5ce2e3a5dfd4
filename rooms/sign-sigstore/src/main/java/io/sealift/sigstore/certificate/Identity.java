package io.sealift.sigstore.certificate;

import io.sealift.sigstore.crypto.Der;
import io.sealift.sigstore.crypto.Unproven;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who has to be in a certificate. What is null is not demanded.
///
/// @param oidcIssuer who vouched for the person to Fulcio
/// @param email a subject alternative name
/// @param uri a subject alternative name, such as a workflow's
/// @param hostname a subject alternative name, or one that a wildcard there covers
public record Identity(
    @Nullable String oidcIssuer,
    @Nullable String email,
    @Nullable String uri,
    @Nullable String hostname) {

  /// Fulcio's extensions for the issuer: the first as raw text, the second as DER (sigstore/fulcio,
  /// oid-info.md).
  private static final String ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";

  private static final String ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";

  /// Kinds of subject alternative names (RFC 5280, 4.2.1.6).
  private static final int EMAIL = 1;

  private static final int DNS = 2;
  private static final int URI = 6;

  /// Checks that the certificate has this identity.
  public void check(X509Certificate certificate) throws Unproven {
    if (email == null && uri == null && hostname == null) {
      throw new Unproven("the policy demands no identity of certificates");
    }
    if (oidcIssuer != null && !oidcIssuer.equals(issuer(certificate))) {
      throw new Unproven(
          "the certificate's issuer is '%s', expected '%s'"
              .formatted(issuer(certificate), oidcIssuer));
    }
    List<String> hosts = names(certificate, DNS);
    demand("e-mail address", email, names(certificate, EMAIL), false);
    demand("URI", uri, names(certificate, URI), false);
    demand("host name", hostname, hosts, true);
  }

  private static void demand(
      String kind, @Nullable String wanted, List<String> found, boolean wildcards) throws Unproven {
    if (wanted != null
        && found.stream()
            .noneMatch(name -> wildcards ? covers(name, wanted) : name.equals(wanted))) {
      throw new Unproven(
          "the certificate's %s is %s, expected '%s'".formatted(kind, quoted(found), wanted));
    }
  }

  private static String quoted(List<String> names) {
    return names.isEmpty() ? "missing" : "'" + String.join("', '", names) + "'";
  }

  /// Equal, or equal but for the first label, which may be `*` (RFC 6125, 6.4.3).
  private static boolean covers(String pattern, String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    String lowerPattern = pattern.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return lowerPattern.equals(lower)
        || (dot > 0 && lowerPattern.equals("*" + lower.substring(dot)));
  }

  /// Who a certificate says its holder is, for people.
  public static String describe(X509Certificate certificate) throws Unproven {
    List<String> names = new ArrayList<>();
    for (int kind : new int[] {EMAIL, URI, DNS}) {
      names.addAll(names(certificate, kind));
    }
    String issuer = issuer(certificate);
    return String.join(", ", names) + (issuer == null ? "" : " by " + issuer);
  }

  private static List<String> names(X509Certificate certificate, int kind) throws Unproven {
    try {
      List<String> names = new ArrayList<>();
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.getFirst().equals(kind) && name.get(1) instanceof String text) {
          names.add(text);
        }
      }
      return names;
    } catch (CertificateParsingException malformed) {
      throw new Unproven("a certificate with malformed names", malformed);
    }
  }

  /// The issuer in either extension; both have to agree.
  private static @Nullable String issuer(X509Certificate certificate) throws Unproven {
    byte[] first = certificate.getExtensionValue(ISSUER_V1);
    byte[] second = certificate.getExtensionValue(ISSUER_V2);
    String v1 = first == null ? null : text(Der.read(first).as(Der.OCTET_STRING).bytes());
    String v2 =
        second == null
            ? null
            : text(Der.read(Der.read(second).bytes()).as(Der.UTF8_STRING).bytes());
    if (v1 != null && v2 != null && !v1.equals(v2)) {
      throw new Unproven("the certificate names two issuers, '%s' and '%s'".formatted(v1, v2));
    }
    return v1 == null ? v2 : v1;
  }

  private static String text(byte[] utf8) throws Unproven {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException malformed) {
      throw new Unproven("a certificate whose issuer is not UTF-8", malformed);
    }
  }
}
