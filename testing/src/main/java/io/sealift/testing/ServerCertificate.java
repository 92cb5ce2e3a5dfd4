package io.sealift.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A key made on the spot and a certificate over it, signed by itself, for `localhost`,
/// `registry.example` and 127.0.0.1 (RFC 5280). Valid until 2049.
public final class ServerCertificate {

  private static final byte[] ECDSA_WITH_SHA256 = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 2);
  private static final byte[] COMMON_NAME = oid(0x55, 0x04, 0x03);
  private static final byte[] SUBJECT_ALTERNATIVE_NAME = oid(0x55, 0x1d, 0x11);

  private final KeyPair keys;
  private final Certificate certificate;

  private ServerCertificate(KeyPair keys, Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  public static ServerCertificate make() {
    return make("260101000000Z", "491231235959Z");
  }

  /// One that ended in 2025.
  public static ServerCertificate expired() {
    return make("240101000000Z", "241231235959Z");
  }

  /// @param from and `until` as UTCTime of ASN.1
  private static ServerCertificate make(String from, String until) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      byte[] body = body(keys, from, until);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] whole =
          der(0x30, body, der(0x30, ECDSA_WITH_SHA256), der(0x03, new byte[1], signature.sign()));
      Certificate certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
      return new ServerCertificate(keys, certificate);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static byte[] body(KeyPair keys, String from, String until) {
    byte[] name = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, utf8("localhost")))));
    byte[] validity = der(0x30, der(0x17, utf8(from)), der(0x17, utf8(until)));
    byte[] names =
        der(
            0x30,
            der(0x82, utf8("localhost")),
            der(0x82, utf8("registry.example")),
            der(0x87, new byte[] {127, 0, 0, 1}));
    byte[] extension = der(0x30, SUBJECT_ALTERNATIVE_NAME, der(0x04, names));
    return der(
        0x30,
        der(0xa0, der(0x02, BigInteger.TWO.toByteArray())),
        der(0x02, BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE).toByteArray()),
        der(0x30, ECDSA_WITH_SHA256),
        name,
        validity,
        name,
        keys.getPublic().getEncoded(),
        der(0xa3, der(0x30, extension)));
  }

  /// A value in distinguished encoding: tag, length, content (X.690).
  private static byte[] der(int tag, byte[]... parts) {
    byte[] content = TarMember.concat(parts);
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length <= 0xff
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return TarMember.concat(head, content);
  }

  private static byte[] oid(int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return der(0x06, content);
  }

  private static byte[] utf8(String text) {
    return TarMember.utf8(text);
  }

  /// What a server needs to show this certificate.
  ///
  /// @param client whose certificate it wants to see; null for nobody's
  public SSLContext serverContext(@Nullable ServerCertificate client) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] password = {'x'};
      store.setKeyEntry("server", keys.getPrivate(), password, new Certificate[] {certificate});
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
      managers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), client == null ? null : client.trustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("client", certificate);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  /// The certificate for those who are to trust it (RFC 7468).
  public String pem() {
    return PemText.of("CERTIFICATE", encoded());
  }

  byte[] encoded() {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// The private key for servers that want a file (RFC 5958).
  public String keyPem() {
    return PemText.of("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  ECPrivateKey privateKey() {
    return (ECPrivateKey) keys.getPrivate();
  }

  byte[] pemBytes() {
    return pem().getBytes(StandardCharsets.US_ASCII);
  }
}
