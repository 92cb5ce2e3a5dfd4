package io.sealift.registry;

import java.io.EOFException;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// A handshake of TLS, and what its exceptions mean.
///
/// @param server as people know it
/// @param shown whether it may be shown a certificate of ours
record Handshake(String server, boolean shown) {

  /// Alerts of a server that is not content with what we showed of ourselves (RFC 8446 §6.2).
  private static final Set<String> ABOUT_US =
      Set.of(
          "certificate_required",
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied");

  /// What servers with TLS 1.2 say to somebody without a certificate, and to one with whom they
  /// have no cipher in common.
  private static final String HANDSHAKE_FAILURE = "handshake_failure";

  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /// What a server that is not content wants, with the remedy.
  static final String WANTS_OURS =
      "the server wants a certificate of ours that it knows; put it into its directory below certs.d"
          + " as client.cert and client.key";

  private static final String WANTS_ANY =
      "the server wants a certificate of ours; only a registry is shown one, and nobody else";

  static final String WANTS_TLS =
      "the server wants TLS; leave out --plain-http, or insecure = true for it";

  /// Why a handshake failed; a connection that broke inside one is no verdict.
  ///
  /// @param asked whether the server wanted to see a certificate of ours
  IOException explained(SSLException failed, boolean asked) {
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
    String alert = alert(failed);
    if (alert.equals("no_application_protocol")) {
      return new OtherVersionException(
          new UnreachableException(
              "TLS with %s: the server speaks neither HTTP/1.1 nor HTTP/2 (alert %s)"
                  .formatted(server, alert),
              failed));
    }
    return isAboutUs(failed) || (asked && alert.equals(HANDSHAKE_FAILURE))
        ? aboutUs(failed)
        : new UnreachableException("TLS with " + server + ": " + message, failed);
  }

  /// Whether the server refuses us; since TLS 1.3 that is told after the handshake.
  static boolean isAboutUs(SSLException failed) {
    return ABOUT_US.contains(alert(failed));
  }

  /// The server refuses us.
  StrangerException aboutUs(SSLException failed) {
    return new StrangerException(
        "TLS with %s: %s (alert %s)"
            .formatted(server, shown ? WANTS_OURS : WANTS_ANY, alert(failed)),
        failed);
  }

  private static String alert(SSLException failed) {
    Matcher alert = ALERT.matcher(String.valueOf(failed.getMessage()));
    return alert.find() ? alert.group(1) : "";
  }
}
