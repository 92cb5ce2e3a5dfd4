package io.sealift.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.source.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Knows the certificates that a registry is spoken to with. Asked when a connection with TLS is
/// made. Thread-safe.
public interface CertificateSource {

  /// None but the Java platform's.
  CertificateSource NONE = _ -> new Certificates(List.of(), List.of());

  /// @param registry a host with an optional port, as a reference or a URL has it
  Certificates certificatesFor(String registry) throws ImageException, InterruptedIOException;

  /// Reads certificates that settings name for a server.
  ///
  /// @throws BadReferenceException when they are something else, or this source reads no files
  default Certificates certificatesIn(TlsFiles files)
      throws ImageException, InterruptedIOException {
    if (files.isEmpty()) {
      return new Certificates(List.of(), List.of());
    }
    throw new BadReferenceException("read certificates: no files are read here");
  }

  /// Reads certificates in PEM, passing over whatever else stands there, such as a private key.
  ///
  /// @param name what the bytes are, for messages
  /// @return at least one
  /// @throws BadReferenceException when they are something else
  static List<X509Certificate> read(byte[] pem, String name) throws BadReferenceException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(blocks(pem)))) {
        certificates.add((X509Certificate) certificate);
      }
    } catch (GeneralSecurityException malformed) {
      throw new BadReferenceException(
          "read %s: expected X.509 in PEM, %s".formatted(name, malformed.getMessage()), malformed);
    }
    if (certificates.isEmpty()) {
      throw new BadReferenceException(
          "read %s: expected X.509 in PEM, found no certificate".formatted(name));
    }
    return certificates;
  }

  private static byte[] blocks(byte[] pem) {
    String blocks =
        Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")
            .matcher(new String(pem, ISO_8859_1))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    return blocks.isEmpty() ? pem : blocks.getBytes(ISO_8859_1);
  }

  /// What is known about one registry.
  ///
  /// @param authorities trusted besides the Java platform's
  /// @param own what we show to this server, and to no other, when it asks who we are
  record Certificates(List<X509Certificate> authorities, List<Own> own) {

    public Certificates {
      authorities = List.copyOf(authorities);
      own = List.copyOf(own);
    }
  }

  /// A certificate of ours.
  ///
  /// @param chain our own first
  record Own(List<X509Certificate> chain, PrivateKey key) {

    public Own {
      chain = List.copyOf(chain);
      if (chain.isEmpty()) {
        throw new IllegalArgumentException("no certificate");
      }
    }

    @Override
    public String toString() {
      return "Own[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
  }
}
