package io.sealift.sigstore;

import io.sealift.sigstore.crypto.Digests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// An authority made for a test, such as Fulcio: a root, an intermediate that issues, and a
/// certificate log that promises.
final class TestAuthority {

  /// When certificates are issued; they last ten minutes.
  static final Instant ISSUED = Instant.parse("2026-03-01T10:00:00Z");

  static final Duration LIFE = Duration.ofMinutes(10);

  private static final AtomicLong SERIAL = new AtomicLong(1000);
  private static final Date LONG_AGO = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
  private static final Date FAR_AWAY = Date.from(Instant.parse("2040-01-01T00:00:00Z"));

  final SigningKey rootKey = SigningKey.make(SigningKey.Kind.P384);
  final SigningKey intermediateKey = SigningKey.make(SigningKey.Kind.P384);
  final SigningKey certificateLog = SigningKey.make();
  final X509Certificate root;
  final X509Certificate intermediate;

  TestAuthority(String name, KeyPurposeId purpose) {
    X500Name rootName = new X500Name("O=" + name + ",CN=root");
    X500Name intermediateName = new X500Name("O=" + name + ",CN=intermediate");
    root = ca(rootName, rootKey, rootName, rootKey, null);
    intermediate = ca(rootName, rootKey, intermediateName, intermediateKey, purpose);
  }

  static TestAuthority fulcio() {
    return new TestAuthority("sigstore.test", KeyPurposeId.id_kp_codeSigning);
  }

  static TestAuthority ofTime() {
    return new TestAuthority("time.test", KeyPurposeId.id_kp_timeStamping);
  }

  static X509Certificate ca(
      X500Name issuer,
      SigningKey issuerKey,
      X500Name subject,
      SigningKey subjectKey,
      @Nullable KeyPurposeId purpose) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              issuer, serial(), LONG_AGO, FAR_AWAY, subject, info(subjectKey));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      if (purpose != null) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      }
      return sign(builder, issuerKey);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static BigInteger serial() {
    return BigInteger.valueOf(SERIAL.incrementAndGet());
  }

  private static SubjectPublicKeyInfo info(SigningKey key) {
    return SubjectPublicKeyInfo.getInstance(key.der());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, SigningKey key) {
    try {
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder(key.algorithm()).build(key.pair().getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] pem(X509Certificate... certificates) {
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    for (X509Certificate certificate : certificates) {
      pem.writeBytes(SigningKey.pem("CERTIFICATE", der(certificate)));
    }
    return pem.toByteArray();
  }

  /// A certificate to be issued for a key.
  Leaf leaf(SigningKey key) {
    return new Leaf(key);
  }

  /// What goes into a certificate; without more said it is good, and for `ada@example.org` by
  /// `https://issuer.example`.
  final class Leaf {

    static final String ISSUER = "https://issuer.example";
    static final String EMAIL = "ada@example.org";

    private final SigningKey key;
    private final List<GeneralName> names = new ArrayList<>();
    private @Nullable String issuerV1 = ISSUER;
    private @Nullable String issuerV2 = ISSUER;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_codeSigning;
    private int usage = KeyUsage.digitalSignature;
    private boolean authority;
    private Instant begin = ISSUED;
    private Instant end = ISSUED.plus(LIFE);
    private List<SigningKey> logs = List.of(certificateLog);
    private Instant promised = ISSUED;
    private SigningKey issuerKey = intermediateKey;
    private X509Certificate issuer = intermediate;

    private Leaf(SigningKey key) {
      this.key = key;
    }

    Leaf email(String value) {
      names.add(new GeneralName(GeneralName.rfc822Name, value));
      return this;
    }

    Leaf uri(String value) {
      names.add(new GeneralName(GeneralName.uniformResourceIdentifier, value));
      return this;
    }

    Leaf host(String value) {
      names.add(new GeneralName(GeneralName.dNSName, value));
      return this;
    }

    Leaf oidc(@Nullable String v1, @Nullable String v2) {
      issuerV1 = v1;
      issuerV2 = v2;
      return this;
    }

    Leaf purpose(KeyPurposeId value) {
      purpose = value;
      return this;
    }

    Leaf usage(int value) {
      usage = value;
      return this;
    }

    Leaf authority() {
      authority = true;
      return this;
    }

    Leaf valid(Instant from, Instant to) {
      begin = from;
      end = to;
      return this;
    }

    /// Certificate logs that promise; none for a certificate without promises.
    Leaf logs(SigningKey... value) {
      logs = List.of(value);
      return this;
    }

    Leaf promised(Instant value) {
      promised = value;
      return this;
    }

    Leaf issuedBy(SigningKey signer, X509Certificate certificate) {
      issuerKey = signer;
      issuer = certificate;
      return this;
    }

    X509Certificate issue() {
      try {
        BigInteger serial = serial();
        X509Certificate bare = sign(builder(serial), issuerKey);
        if (logs.isEmpty()) {
          return bare;
        }
        X509v3CertificateBuilder promising = builder(serial);
        promising.addExtension(
            new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"),
            false,
            new DEROctetString(promises(bare)));
        return sign(promising, issuerKey);
      } catch (Exception impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private X509v3CertificateBuilder builder(BigInteger serial) throws IOException {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
              serial,
              Date.from(begin),
              Date.from(end),
              new X500Name("CN=leaf"),
              info(key));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
      if (authority) {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      }
      GeneralName[] all =
          names.isEmpty()
              ? new GeneralName[] {new GeneralName(GeneralName.rfc822Name, EMAIL)}
              : names.toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(all));
      if (issuerV1 != null) {
        extension(builder, "1.3.6.1.4.1.57264.1.1", issuerV1.getBytes(StandardCharsets.UTF_8));
      }
      if (issuerV2 != null) {
        ASN1Encodable text = new DERUTF8String(issuerV2);
        extension(builder, "1.3.6.1.4.1.57264.1.8", text.toASN1Primitive().getEncoded("DER"));
      }
      return builder;
    }

    private static void extension(X509v3CertificateBuilder builder, String identifier, byte[] value)
        throws IOException {
      builder.addExtension(
          new Extension(new ASN1ObjectIdentifier(identifier), false, new DEROctetString(value)));
    }

    /// A list of signed certificate timestamps (RFC 6962, 3.3).
    private byte[] promises(X509Certificate bare) throws Exception {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (SigningKey log : logs) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(signed);
        out.writeShort(0); // version 1, a certificate's timestamp
        out.writeLong(promised.toEpochMilli());
        out.writeShort(1); // a precertificate
        out.write(Digests.sha256(issuer.getPublicKey().getEncoded()));
        byte[] body = bare.getTBSCertificate();
        out.writeByte(body.length >> 16);
        out.writeShort(body.length);
        out.write(body);
        out.writeShort(0); // no extensions
        byte[] signature = log.sign(signed.toByteArray());
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        DataOutputStream timestamp = new DataOutputStream(one);
        timestamp.writeByte(0);
        timestamp.write(Digests.sha256(log.der()));
        timestamp.writeLong(promised.toEpochMilli());
        timestamp.writeShort(0);
        timestamp.writeShort(0x0403); // SHA-256, ECDSA
        timestamp.writeShort(signature.length);
        timestamp.write(signature);
        new DataOutputStream(all).writeShort(one.size());
        all.write(one.toByteArray());
      }
      ByteArrayOutputStream list = new ByteArrayOutputStream();
      new DataOutputStream(list).writeShort(all.size());
      list.write(all.toByteArray());
      return list.toByteArray();
    }
  }
}
