package io.sealift.sigstore.certificate;

import io.sealift.sigstore.crypto.Der;
import io.sealift.sigstore.crypto.Pem;
import io.sealift.sigstore.crypto.Unproven;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Reads certificates (RFC 5280).
public final class Certificates {

  /// Where the signature is in a certificate, after what is signed and the algorithm.
  private static final int SIGNATURE = 2;

  private Certificates() {}

  /// One in DER. Its signature has to be whole octets: the platform would pass over trailing bits
  /// that are called unused, and one certificate could be written in several ways.
  ///
  /// @param what it is, for the reason
  public static X509Certificate read(byte[] der, String what) throws Unproven {
    Der.read(der).as(Der.SEQUENCE).child(SIGNATURE).bits();
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException malformed) {
      throw new Unproven(what + " is no certificate: " + malformed.getMessage(), malformed);
    }
  }

  /// One or more in PEM.
  public static List<X509Certificate> readPem(byte[] pem, String what) throws Unproven {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : Pem.blocks(pem, "CERTIFICATE", what)) {
      certificates.add(read(der, what));
    }
    return certificates;
  }

  /// One as DER.
  public static byte[] encoded(X509Certificate certificate) throws Unproven {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException malformed) {
      throw new Unproven("a certificate that has no encoding", malformed);
    }
  }

  /// Whether it names itself as its issuer, as roots do.
  public static boolean isRoot(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }
}
