package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Which certificate authorities may vouch for a registry: those of the Java platform and some
/// more. Makes nothing of TLS until it is needed, because that takes a tenth of a second.
final class Trust {

  private final List<Certificate> more;
  private @Nullable SSLSocketFactory sockets;

  private Trust(List<Certificate> more) {
    this.more = more;
  }

  /// @param pem certificates in PEM; none for the platform's alone
  /// @throws BadReferenceException when they are not certificates
  static Trust of(List<byte[]> pem) throws BadReferenceException {
    List<Certificate> certificates = new ArrayList<>();
    try {
      for (byte[] bytes : pem) {
        certificates.addAll(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes)));
      }
    } catch (GeneralSecurityException malformed) {
      throw new BadReferenceException(
          "read certificates for TLS: expected X.509 in PEM, " + malformed.getMessage(), malformed);
    }
    if (certificates.size() < pem.size()) {
      throw new BadReferenceException(
          "read certificates for TLS: expected X.509 in PEM, found no certificate");
    }
    return new Trust(certificates);
  }

  /// What a failed handshake means; a connection that broke inside one is no verdict.
  static IOException explained(SSLException failed) {
    if (failed.getCause() instanceof EOFException) {
      return new IOException("the server ended the handshake of TLS, or does not speak it", failed);
    }
    String message = String.valueOf(failed.getMessage());
    if (message.startsWith("Unsupported or unrecognized SSL message")) {
      return new UnreachableException(
          "the server does not speak TLS; pass --plain-http if that is intended", failed);
    }
    return new UnreachableException(
        "TLS: " + message + "; pass the registry's certificate authority with --tls-ca", failed);
  }

  /// What makes secured sockets.
  synchronized SSLSocketFactory sockets() throws IOException {
    if (sockets == null) {
      try {
        sockets =
            more.isEmpty()
                ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                : context().getSocketFactory();
      } catch (GeneralSecurityException failed) {
        throw new IOException("set up TLS: " + failed.getMessage(), failed);
      }
    }
    return sockets;
  }

  private SSLContext context() throws GeneralSecurityException, IOException {
    KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    int number = 0;
    for (X509Certificate platform : managerOf(null).getAcceptedIssuers()) {
      anchors.setCertificateEntry("platform-" + number++, platform);
    }
    for (Certificate certificate : more) {
      anchors.setCertificateEntry("more-" + number++, certificate);
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {managerOf(anchors)}, null);
    return context;
  }

  private static X509TrustManager managerOf(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this Java platform trusts no X.509 certificates");
  }
}
