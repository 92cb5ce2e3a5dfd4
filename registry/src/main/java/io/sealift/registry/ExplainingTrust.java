package io.sealift.registry;

import io.sealift.failure.Quoted;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Decides as the Java platform does, but for two things: a certificate that is trusted itself must
/// not have ended either, and a refusal says what is wrong and what to do.
final class ExplainingTrust extends X509ExtendedTrustManager {

  /// Names of a certificate that a message lists.
  private static final int MAX_NAMES = 4;

  private final X509ExtendedTrustManager platform;

  ExplainingTrust(X509ExtendedTrustManager platform) {
    this.platform = platform;
  }

  /// A server's certificate is refused. The message holds the remedy.
  static final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1L;

    RefusedCertificateException(String message, CertificateException cause) {
      super(message, cause);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    try {
      chain[0].checkValidity();
      platform.checkServerTrusted(chain, authType, socket);
    } catch (CertificateException refused) {
      throw explained(refused, chain);
    }
  }

  private static RefusedCertificateException explained(
      CertificateException refused, X509Certificate[] chain) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return explanation(
            refused, "a certificate of the server has ended, see %s; have it renewed", cause);
      }
      if (cause instanceof CertificateNotYetValidException) {
        return explanation(
            refused,
            "a certificate of the server is not valid yet, see %s; set this machine's clock",
            cause);
      }
    }
    if (String.valueOf(refused.getMessage()).startsWith("No ")) {
      return new RefusedCertificateException(
          "the server's certificate is for %s; use such a name, or have one made for this one"
              .formatted(names(chain[0])),
          refused);
    }
    return new RefusedCertificateException(
        "no trusted authority vouches for the server's certificate, issued by '%s'; pass that"
                .formatted(
                    Quoted.of(chain[chain.length - 1].getIssuerX500Principal().getName(), 200))
            + " authority's certificate with --tls-ca",
        refused);
  }

  private static RefusedCertificateException explanation(
      CertificateException refused, String text, Throwable cause) {
    return new RefusedCertificateException(text.formatted(cause.getMessage()), refused);
  }

  private static String names(X509Certificate certificate) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      List<String> names = new ArrayList<>();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.get(1) instanceof String text && names.size() < MAX_NAMES) {
          names.add(Quoted.of(text, 100));
        }
      }
      return names.isEmpty() ? "no host" : String.join(", ", names);
    } catch (CertificateParsingException unreadable) {
      return "names that cannot be read";
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new IllegalStateException("not over an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) {
    throw new IllegalStateException("not without a socket, whose host has to be known");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
    throw new IllegalStateException("not a server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
    throw new IllegalStateException("not a server");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {
    throw new IllegalStateException("not a server");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return platform.getAcceptedIssuers();
  }
}
