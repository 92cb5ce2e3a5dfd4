package io.sealift.sigstore;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/// A time stamp authority made for a test.
final class TestClock {

  private static final Map<String, ASN1ObjectIdentifier> DIGESTS =
      Map.of(
          "SHA-1", OIWObjectIdentifiers.idSHA1,
          "SHA-256", NISTObjectIdentifiers.id_sha256,
          "SHA-384", NISTObjectIdentifiers.id_sha384,
          "SHA-512", NISTObjectIdentifiers.id_sha512);

  final TestAuthority authority = TestAuthority.ofTime();
  final SigningKey key;
  final X509Certificate certificate;

  TestClock() {
    this(SigningKey.Kind.P256);
  }

  TestClock(SigningKey.Kind kind) {
    key = SigningKey.make(kind);
    certificate =
        authority
            .leaf(key)
            .purpose(KeyPurposeId.id_kp_timeStamping)
            .logs()
            .valid(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z"))
            .issue();
  }

  /// A response that stamps these bytes.
  ///
  /// @param certificates whether it brings its certificates along
  byte[] stamp(byte[] bytes, Instant time, boolean certificates) {
    return stamp(bytes, time, certificates, "SHA-256");
  }

  /// With its certificates, over another digest.
  byte[] stamp(byte[] bytes, Instant time, String digest) {
    return stamp(bytes, time, true, digest);
  }

  private byte[] stamp(byte[] bytes, Instant time, boolean certificates, String digest) {
    try {
      ASN1ObjectIdentifier identifier = DIGESTS.get(digest);
      TimeStampRequestGenerator asking = new TimeStampRequestGenerator();
      asking.setCertReq(certificates);
      TimeStampRequest request =
          asking.generate(
              identifier, MessageDigest.getInstance(digest).digest(bytes), BigInteger.valueOf(42));
      TimeStampTokenGenerator tokens =
          new TimeStampTokenGenerator(
              new JcaSimpleSignerInfoGeneratorBuilder()
                  .build(key.algorithm(), key.pair().getPrivate(), certificate),
              new BcDigestCalculatorProvider()
                  .get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
              new ASN1ObjectIdentifier("1.2.3.4"));
      tokens.addCertificates(new JcaCertStore(List.of(certificate, authority.intermediate)));
      Set<String> accepted =
          DIGESTS.values().stream().map(ASN1ObjectIdentifier::getId).collect(Collectors.toSet());
      return new TimeStampResponseGenerator(tokens, accepted)
          .generate(request, BigInteger.valueOf(7), Date.from(time))
          .getEncoded();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
