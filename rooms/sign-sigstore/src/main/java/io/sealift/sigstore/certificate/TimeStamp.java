package io.sealift.sigstore.certificate;

import io.sealift.oci.DigestAlgorithm;
import io.sealift.sigstore.certificate.Authority.Usage;
import io.sealift.sigstore.crypto.Der;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A time stamp authority's word that some bytes existed at a time (RFC 3161, `TimeStampResp`, a
/// signed message of RFC 5652). Read, but proved only by {@link #check}.
public final class TimeStamp {

  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  private static final String TIME_STAMP_INFO = "1.2.840.113549.1.9.16.1.4";
  private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
  private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";

  /// Which certificate signed, by SHA-1 (RFC 2634, 5.4) or by another digest (RFC 5035, 3).
  private static final String SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";

  private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

  /// Certificates in one message; authorities send one to three.
  private static final int MAX_CERTIFICATES = 6;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuuMMddHHmmss")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT);

  private final byte[] info;
  private final List<X509Certificate> certificates;
  private final Der signer;

  private TimeStamp(byte[] info, List<X509Certificate> certificates, Der signer) {
    this.info = info;
    this.certificates = certificates;
    this.signer = signer;
  }

  /// Reads a response.
  public static TimeStamp read(byte[] response) throws Unproven {
    List<Der> parts = Der.read(response).as(Der.SEQUENCE).children();
    BigInteger status = child(parts, 0).child(0).integer();
    if (parts.size() < 2 || status.signum() < 0 || status.intValue() > 1) {
      throw new Unproven("a time stamp that was not granted");
    }
    Der message = parts.get(1).as(Der.SEQUENCE);
    expect(SIGNED_DATA, message.child(0));
    List<Der> signed = message.child(1).as(Der.context(0)).child(0).children();
    Der content = child(signed, 2).as(Der.SEQUENCE);
    expect(TIME_STAMP_INFO, content.child(0));
    byte[] info = content.child(1).as(Der.context(0)).child(0).as(Der.OCTET_STRING).bytes();
    List<Der> signers = child(signed, signed.size() - 1).as(Der.SET).children();
    if (signers.size() != 1) {
      throw new Unproven("a time stamp with %d signers, expected one".formatted(signers.size()));
    }
    return new TimeStamp(info, certificates(signed), signers.getFirst().as(Der.SEQUENCE));
  }

  private static Der child(List<Der> values, int index) throws Unproven {
    if (index < 0 || index >= values.size()) {
      throw new Unproven("a time stamp that is cut short");
    }
    return values.get(index);
  }

  private static void expect(String identifier, Der found) throws Unproven {
    if (!found.identifier().equals(identifier)) {
      throw new Unproven(
          "a time stamp with %s, expected %s".formatted(found.identifier(), identifier));
    }
  }

  private static List<X509Certificate> certificates(List<Der> signed) throws Unproven {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Der part : signed) {
      if (part.tag() == Der.context(0)) {
        for (Der certificate : part.children()) {
          certificates.add(
              Certificates.read(certificate.encoded(), "a certificate in the time stamp"));
        }
      }
    }
    if (certificates.size() > MAX_CERTIFICATES) {
      throw new Unproven("a time stamp with more than %d certificates".formatted(MAX_CERTIFICATES));
    }
    return certificates;
  }

  /// Checks that one of the authorities stamped these bytes.
  ///
  /// @return when
  public Instant check(byte[] stamped, List<Authority> authorities) throws Unproven {
    List<Der> parts = Der.read(info).as(Der.SEQUENCE).children();
    Der imprint = child(parts, 2).as(Der.SEQUENCE);
    checkDigest(imprint.child(0).child(0), imprint.child(1), stamped, "the signature");
    Instant time = time(child(parts, 4).as(Der.GENERALIZED_TIME));
    Unproven reason = new Unproven("the time stamp is by no authority of the trusted root");
    for (Authority authority : authorities) {
      try {
        checkSigner(authority, time);
        return time;
      } catch (Unproven other) {
        reason = other;
      }
    }
    throw reason;
  }

  private static Instant time(Der value) throws Unproven {
    String text = new String(value.bytes(), StandardCharsets.US_ASCII);
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException malformed) {
      throw new Unproven("a time stamp whose time is malformed", malformed);
    }
  }

  private void checkSigner(Authority authority, Instant time) throws Unproven {
    List<X509Certificate> known = new ArrayList<>(certificates);
    known.addAll(authority.intermediates());
    known.addAll(authority.anchors());
    Der name = signer.child(1);
    for (X509Certificate certificate : known) {
      if (isNamed(name, certificate)) {
        checkSignature(certificate);
        authority.check(certificate, certificates, time, Usage.TIME_STAMPING);
        return;
      }
    }
    throw new Unproven("the time stamp's signer is unknown to the authority " + authority.name());
  }

  /// By issuer and serial number, or by key identifier (RFC 5652, 5.3).
  private static boolean isNamed(Der name, X509Certificate certificate) throws Unproven {
    if (name.tag() == Der.SEQUENCE) {
      return Arrays.equals(
              name.child(0).encoded(), certificate.getIssuerX500Principal().getEncoded())
          && name.child(1).integer().equals(certificate.getSerialNumber());
    }
    byte[] extension = certificate.getExtensionValue("2.5.29.14");
    return name.tag() == 0x80
        && extension != null
        && Arrays.equals(Der.read(Der.read(extension).bytes()).bytes(), name.bytes());
  }

  /// The signature is over attributes, which name the content's digest and the certificate.
  private void checkSignature(X509Certificate certificate) throws Unproven {
    List<Der> parts = signer.children();
    Der algorithm = child(parts, 2).child(0);
    Der attributes = child(parts, 3).as(Der.context(0));
    expect(TIME_STAMP_INFO, attribute(attributes, CONTENT_TYPE));
    checkDigest(algorithm, attribute(attributes, MESSAGE_DIGEST), info, "the time stamp's content");
    checkCertificate(attributes, certificate);
    byte[] signed = attributes.encoded();
    signed[0] = (byte) Der.SET; // as it is signed (RFC 5652, 5.4)
    byte[] signature = child(parts, 5).as(Der.OCTET_STRING).bytes();
    if (!VerifyingKey.of(certificate).verifiesWithAnyDigest(signature, signed)) {
      throw new Unproven("the time stamp's signature is wrong");
    }
  }

  private static void checkCertificate(Der attributes, X509Certificate certificate)
      throws Unproven {
    byte[] encoded = Certificates.encoded(certificate);
    Der second = find(attributes, SIGNING_CERTIFICATE_V2);
    Der named = second == null ? attribute(attributes, SIGNING_CERTIFICATE) : second;
    List<Der> parts = named.child(0).child(0).children();
    boolean algorithm = second != null && child(parts, 0).tag() == Der.SEQUENCE;
    byte[] actual =
        second == null
            ? Digests.sha1(encoded)
            : algorithm
                ? Digests.digest(algorithm(child(parts, 0).child(0)), encoded)
                : Digests.sha256(encoded);
    byte[] expected = child(parts, algorithm ? 1 : 0).as(Der.OCTET_STRING).bytes();
    if (!Digests.equal(expected, actual)) {
      throw new Unproven("the time stamp names another certificate than the one that signed it");
    }
  }

  private static Der attribute(Der attributes, String identifier) throws Unproven {
    Der found = find(attributes, identifier);
    if (found == null) {
      throw new Unproven("a time stamp without the attribute " + identifier);
    }
    return found;
  }

  private static @Nullable Der find(Der attributes, String identifier) throws Unproven {
    for (Der attribute : attributes.children()) {
      if (attribute.child(0).identifier().equals(identifier)) {
        return attribute.child(1).as(Der.SET).child(0);
      }
    }
    return null;
  }

  private static void checkDigest(Der algorithm, Der expected, byte[] bytes, String what)
      throws Unproven {
    byte[] actual = Digests.digest(algorithm(algorithm), bytes);
    if (!Digests.equal(actual, expected.as(Der.OCTET_STRING).bytes())) {
      throw new Unproven("the time stamp's digest is not that of " + what);
    }
  }

  private static DigestAlgorithm algorithm(Der identifier) throws Unproven {
    return switch (identifier.identifier()) {
      case "2.16.840.1.101.3.4.2.1" -> DigestAlgorithm.SHA256;
      case "2.16.840.1.101.3.4.2.2" -> DigestAlgorithm.SHA384;
      case "2.16.840.1.101.3.4.2.3" -> DigestAlgorithm.SHA512;
      default -> throw new Unproven("a time stamp with the digest " + identifier.identifier());
    };
  }
}
