package io.sealift.pkcs7;

import static io.sealift.pkcs7.Der.der;
import static io.sealift.pkcs7.Der.oid;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.crypt.KeyFile;
import io.sealift.testing.PemText;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/// A certificate that somebody made for himself, and its private key.
record TestHolder(KeyPair keys, X509Certificate certificate) {

  private static final String SHA256_WITH_RSA = "2a864886f70d01010b";
  private static final String COMMON_NAME = "550403";

  static TestHolder make(String name, int serial) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return make(generator.generateKeyPair(), name, serial);
  }

  static TestHolder make(KeyPair keys, String name, int serial) throws Exception {
    byte[] names =
        der(0x30, der(0x31, der(0x30, oid(COMMON_NAME), der(0x0c, name.getBytes(UTF_8)))));
    byte[] algorithm = der(0x30, oid(SHA256_WITH_RSA), der(0x05));
    byte[] body =
        der(
            0x30,
            der(0xa0, der(0x02, BigInteger.TWO.toByteArray())),
            der(0x02, BigInteger.valueOf(serial).toByteArray()),
            algorithm,
            names,
            der(
                0x30,
                der(0x17, "200101000000Z".getBytes(US_ASCII)),
                der(0x17, "210101000000Z".getBytes(US_ASCII))),
            names,
            keys.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(body);
    byte[] whole = der(0x30, body, algorithm, der(0x03, new byte[1], signature.sign()));
    return new TestHolder(
        keys,
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(whole)));
  }

  KeyFile certificateFile() throws Exception {
    return file("certificate.pem", pem("CERTIFICATE", certificate.getEncoded()));
  }

  KeyFile keyFile() {
    return file("key.pem", pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  static KeyFile file(String name, byte[] bytes) {
    return new KeyFile(name, bytes, null);
  }

  static byte[] pem(String label, byte[] der) {
    return PemText.of(label, der).getBytes(US_ASCII);
  }
}
