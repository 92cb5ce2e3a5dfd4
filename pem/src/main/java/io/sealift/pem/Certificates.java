package io.sealift.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;

/// Reads X.509 certificates (RFC 5280), PEM or DER. Whatever else stands in a PEM file is passed
/// over.
public final class Certificates {
  private Certificates() {}

  /// @return in the order of the file; empty when there is none that can be read
  public static List<X509Certificate> read(byte[] bytes) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (!Pem.isPem(bytes)) {
        certificates.add(certificate(factory, bytes));
        return certificates;
      }
      try (PEMParser parser =
          new PEMParser(new InputStreamReader(new ByteArrayInputStream(bytes), ISO_8859_1))) {
        for (Object there = parser.readObject(); there != null; there = parser.readObject()) {
          if (there instanceof X509CertificateHolder holder) {
            certificates.add(certificate(factory, holder.getEncoded()));
          }
        }
      }
    } catch (CertificateException | IOException none) {
      return certificates;
    }
    return certificates;
  }

  private static X509Certificate certificate(CertificateFactory factory, byte[] der)
      throws CertificateException {
    return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
  }
}
