package io.sealift.registry;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.registry.CertificateSource.Certificates;
import io.sealift.source.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/// Who may vouch for the servers that one registry needs, and what we show of ourselves:
///
/// | server | authorities | certificates of ours |
/// |---|---|---|
/// | the registry | the platform's, those given for all, the registry's | the registry's |
/// | where it sends us | the same, and those of that server | none |
///
/// A registry may be one whose proof is dispensed with: then no certificate of its host is refused.
///
/// Makes nothing of TLS until it is needed, because that takes a tenth of a second. Thread-safe.
final class Trust {

  /// Versions before these are broken.
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final char[] NO_PASSWORD = {};

  private final List<X509Certificate> more;
  private final CertificateSource source;
  private final @Nullable Endpoint registry;
  private final String name;
  private final TlsFiles named;
  private final @Nullable Unproved unproved;
  private final Map<String, Way> ways = new HashMap<>();

  private Trust(
      List<X509Certificate> more,
      CertificateSource source,
      @Nullable Endpoint registry,
      String name,
      TlsFiles named,
      @Nullable Unproved unproved) {
    this.more = more;
    this.source = source;
    this.registry = registry;
    this.name = name;
    this.named = named;
    this.unproved = unproved;
  }

  /// For servers that are no registries: each has the authorities of its own, and sees nothing of
  /// ours.
  ///
  /// @param pem certificates in PEM that are trusted for all; none for the platform's alone
  /// @throws BadReferenceException when they are not certificates
  static Trust of(List<byte[]> pem, CertificateSource source) throws BadReferenceException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] bytes : pem) {
      certificates.addAll(CertificateSource.read(bytes, "certificates for TLS"));
    }
    return new Trust(List.copyOf(certificates), source, null, "", TlsFiles.NONE, null);
  }

  /// The same for a registry and where it sends us.
  ///
  /// @param name what certificates are known by
  /// @param named more certificates for it; what is ours there is shown instead of what the source
  ///   has
  /// @param unproved what dispenses it with proof; null when nothing does
  Trust forRegistry(Endpoint endpoint, String name, TlsFiles named, @Nullable Unproved unproved) {
    return new Trust(more, source, endpoint, name, named, unproved);
  }

  /// Whether all servers so far proved who they are.
  boolean isProved() {
    return unproved == null || !unproved.happened();
  }

  /// How connections to a server are secured.
  private record Way(SSLSocketFactory sockets, OwnCertificates own) {}

  /// Secures a connection.
  ///
  /// @param below what it goes over
  /// @param name of the server as people know it
  /// @param version what is to be spoken over it: a server that would rather choose another one
  ///   chooses this, or refuses
  SSLSocket secure(Socket below, Endpoint server, String name, HttpVersion version)
      throws IOException {
    Way way = way(server);
    SSLSocket socket =
        (SSLSocket) way.sockets.createSocket(below, server.host(), server.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(PROTOCOLS);
    parameters.setApplicationProtocols(new String[] {version.alpn()});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (SSLException failed) {
      throw handshake(server, name).explained(failed, way.own.wereAskedForOver(socket));
    }
    if (version == HttpVersion.HTTP_2 && !socket.getApplicationProtocol().equals(version.alpn())) {
      throw new OtherVersionException(
          new UnreachableException(
              "TLS with " + name + ": the server does not speak HTTP/2 any more"));
    }
    return socket;
  }

  /// What is said of a handshake with a server.
  Handshake handshake(Endpoint server, String name) {
    return new Handshake(name, server.equals(registry));
  }

  private synchronized Way way(Endpoint server) throws IOException {
    String key = server.equals(registry) ? "" : server.authority();
    Way known = ways.get(key);
    if (known != null) {
      return known;
    }
    try {
      Way made = make(server);
      ways.put(key, made);
      return made;
    } catch (GeneralSecurityException failed) {
      throw new IOException("set up TLS: " + failed.getMessage(), failed);
    } catch (ImageException unreadable) {
      throw new RefusedException(unreadable);
    }
  }

  private Way make(Endpoint server) throws GeneralSecurityException, IOException, ImageException {
    List<X509Certificate> anchors = new ArrayList<>(more);
    X509KeyManager own = null;
    if (registry != null) {
      Certificates known = source.certificatesFor(name);
      Certificates more = source.certificatesIn(named);
      anchors.addAll(known.authorities());
      anchors.addAll(more.authorities());
      List<CertificateSource.Own> ours = more.own().isEmpty() ? known.own() : more.own();
      if (server.equals(registry) && !ours.isEmpty()) {
        own = keysOf(ours);
      }
    }
    if (!server.equals(registry)) {
      anchors.addAll(source.certificatesFor(server.authority()).authorities());
    }
    SSLContext context = SSLContext.getInstance("TLS");
    OwnCertificates shown = new OwnCertificates(own);
    context.init(new KeyManager[] {shown}, new TrustManager[] {trusting(anchors, server)}, null);
    return new Way(context.getSocketFactory(), shown);
  }

  private static X509KeyManager keysOf(List<CertificateSource.Own> own)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (CertificateSource.Own certificate : own) {
      store.setKeyEntry(
          "own-" + store.size(),
          certificate.key(),
          NO_PASSWORD,
          certificate.chain().toArray(Certificate[]::new));
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    for (KeyManager manager : factory.getKeyManagers()) {
      if (manager instanceof X509KeyManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this Java platform shows no X.509 certificates");
  }

  private X509ExtendedTrustManager trusting(List<X509Certificate> anchors, Endpoint server)
      throws GeneralSecurityException, IOException {
    ExplainingTrust strict = new ExplainingTrust(trusting(anchors));
    return unproved != null && unproved.mayBe(server) ? new LenientTrust(strict, unproved) : strict;
  }

  private static X509ExtendedTrustManager trusting(List<X509Certificate> anchors)
      throws GeneralSecurityException, IOException {
    X509ExtendedTrustManager platform = managerOf(null);
    if (anchors.isEmpty()) {
      return platform;
    }
    KeyStore store = emptyStore();
    for (X509Certificate certificate : platform.getAcceptedIssuers()) {
      store.setCertificateEntry("platform-" + store.size(), certificate);
    }
    for (X509Certificate certificate : anchors) {
      store.setCertificateEntry("more-" + store.size(), certificate);
    }
    return managerOf(store);
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this Java platform trusts no X.509 certificates");
  }
}
