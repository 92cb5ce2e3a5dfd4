package io.sealift.registry;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;

/// What an exception of TLS means.
final class Handshake {

  /// Alerts of a server that is not content with what we showed of ourselves (RFC 8446 §6.2).
  private static final List<String> ABOUT_US =
      List.of("certificate_required", "bad_certificate", "unknown_ca", "certificate_unknown");

  /// What a server that is not content wants, with the remedy.
  static final String WANTS_OURS =
      "the server wants a certificate of ours that it knows; put it into its directory below certs.d"
          + " as client.cert and client.key";

  static final String WANTS_TLS =
      "the server wants TLS; leave out --plain-http, or insecure = true for it";

  private Handshake() {}

  /// A failure to connect; a connection that broke inside a handshake is no verdict.
  ///
  /// @param server as people know it
  static IOException explained(SSLException failed, String server) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof ExplainingTrust.RefusedCertificateException refused) {
        return new UnreachableException("TLS with " + server + ": " + refused.getMessage(), failed);
      }
    }
    if (failed.getCause() instanceof EOFException) {
      return new IOException("the server ended the handshake of TLS, or does not speak it", failed);
    }
    String message = String.valueOf(failed.getMessage());
    if (message.startsWith("Unsupported or unrecognized SSL message")) {
      return new UnreachableException(
          "the server does not speak TLS; pass --plain-http if that is intended", failed);
    }
    if (message.contains("no_application_protocol")) {
      return new UnreachableException(
          "TLS with " + server + ": the server speaks HTTP/2 only; expected HTTP/1.1", failed);
    }
    return isAboutUs(failed)
        ? aboutUs(failed, server)
        : new UnreachableException("TLS with " + server + ": " + message, failed);
  }

  /// Whether the server refuses us; since TLS 1.3 that is told after the handshake.
  static boolean isAboutUs(SSLException failed) {
    String message = String.valueOf(failed.getMessage());
    return message.contains("Received fatal alert")
        && ABOUT_US.stream().anyMatch(message::contains);
  }

  static UnreachableException aboutUs(SSLException failed, String server) {
    return new UnreachableException("TLS with %s: %s".formatted(server, WANTS_OURS), failed);
  }
}
