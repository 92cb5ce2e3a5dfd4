package io.sealift.pkcs7;

import io.sealift.crypt.KeyException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// A recipient of an envelope (`KeyTransRecipientInfo`, RFC 5652 §6.2.1), named by the issuer and
/// serial number of a certificate.
///
/// @param encryptedKey the content's key under the certificate's RSA key (PKCS #1 v1.5)
@SuppressWarnings("ArrayRecordComponent")
record Addressee(X500Principal issuer, BigInteger serial, byte[] encryptedKey) {

  private static final String RSA_ENCRYPTION = "2a864886f70d010101";

  /// Characters of an issuer's name that people are shown.
  private static final int MAX_NAME = 200;

  static Addressee parse(Asn1 info) throws KeyException {
    List<Asn1> members = info.as(Asn1.SEQUENCE).children(4);
    List<Asn1> name = members.get(1).as(Asn1.SEQUENCE).children(2);
    Asn1 cipher = members.get(2).as(Asn1.SEQUENCE).children(1).getFirst();
    if (!cipher.as(Asn1.OBJECT_IDENTIFIER).hex().equals(RSA_ENCRYPTION)) {
      throw new KeyException("its key is not wrapped by RSA with PKCS #1 v1.5");
    }
    byte[] serial = name.get(1).as(Asn1.INTEGER).bytes();
    if (serial.length == 0) {
      throw new KeyException("it is no envelope of PKCS #7");
    }
    try {
      return new Addressee(
          new X500Principal(name.getFirst().as(Asn1.SEQUENCE).encoded()),
          new BigInteger(serial),
          members.get(3).as(Asn1.OCTET_STRING).bytes());
    } catch (IllegalArgumentException malformed) {
      throw new KeyException("it is no envelope of PKCS #7", malformed);
    }
  }

  boolean is(X509Certificate certificate) {
    return serial.equals(certificate.getSerialNumber())
        && issuer.equals(certificate.getIssuerX500Principal());
  }

  /// For people.
  @Override
  public String toString() {
    String name = issuer.getName().replaceAll("\\p{C}", "?");
    return "certificate %x of %s"
        .formatted(serial, name.substring(0, Math.min(name.length(), MAX_NAME)));
  }
}
