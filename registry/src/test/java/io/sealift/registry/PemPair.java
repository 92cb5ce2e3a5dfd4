package io.sealift.registry;

import io.sealift.testing.ServerCertificate;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/// A certificate of ours with its key, as a source of certificates gives it.
final class PemPair {
  private PemPair() {}

  static CertificateSource.Own read(ServerCertificate made) throws Exception {
    String base64 = made.keyPem().replaceAll("-----[^-]*-----|\\s", "");
    return new CertificateSource.Own(
        CertificateSource.read(made.pem().getBytes(StandardCharsets.US_ASCII), "a test's"),
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64))));
  }
}
