package io.sealift.pkcs7;

import static io.sealift.pkcs7.Der.der;
import static io.sealift.pkcs7.Der.join;
import static io.sealift.pkcs7.Der.oid;

import io.sealift.crypt.WrappedKey;
import java.io.ByteArrayOutputStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An envelope, each part of which may be as it should not. Immutable.
///
/// @param asGo whether parameters and content are written as Go does
/// @param cipher object identifier of the content's cipher, hexadecimal
/// @param keyBytes length of the content's key
record TestEnvelope(
    boolean asGo, String cipher, int keyBytes, int nonceBytes, int tagBytes, String keyCipher) {

  static final String AES_128_GCM = "608648016503040106";
  static final String AES_192_GCM = "60864801650304011a";
  static final String AES_256_GCM = "60864801650304012e";
  static final String AES_128_CBC = "608648016503040102";
  static final String RSA = "2a864886f70d010101";
  static final String RSA_OAEP = "2a864886f70d010107";

  static final TestEnvelope GO = new TestEnvelope(true, AES_128_GCM, 16, 12, 16, RSA);
  static final TestEnvelope SPECIFIED = new TestEnvelope(false, AES_128_GCM, 16, 12, 16, RSA);

  TestEnvelope cipher(String identifier, int bytes) {
    return new TestEnvelope(asGo, identifier, bytes, nonceBytes, tagBytes, keyCipher);
  }

  TestEnvelope nonce(int bytes) {
    return new TestEnvelope(asGo, cipher, keyBytes, bytes, tagBytes, keyCipher);
  }

  TestEnvelope tag(int bytes) {
    return new TestEnvelope(asGo, cipher, keyBytes, nonceBytes, bytes, keyCipher);
  }

  TestEnvelope keyCipher(String identifier) {
    return new TestEnvelope(asGo, cipher, keyBytes, nonceBytes, tagBytes, identifier);
  }

  byte[] seal(byte[] content, TestHolder... holders) throws Exception {
    byte[] key = new byte[keyBytes];
    byte[] nonce = new byte[nonceBytes];
    key[0] = 1;
    nonce[0] = 2;
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(8 * tagBytes, nonce));
    byte[] sealed = gcm.doFinal(content);
    ByteArrayOutputStream recipients = new ByteArrayOutputStream();
    for (TestHolder holder : holders) {
      recipients.writeBytes(recipient(holder, key));
    }
    byte[] encrypted =
        der(
            0x30,
            oid("2a864886f70d010701"),
            der(0x30, oid(cipher), parameters(nonce)),
            asGo ? der(0xa0, der(0x04, sealed)) : der(0x80, sealed));
    byte[] enveloped =
        der(0x30, der(0x02, new byte[1]), der(0x31, recipients.toByteArray()), encrypted);
    return der(0x30, oid("2a864886f70d010703"), der(0xa0, enveloped));
  }

  private byte[] parameters(byte[] nonce) {
    byte[] tag = der(0x02, new byte[] {(byte) tagBytes});
    return asGo ? der(0x10, der(0x30, der(0x84, nonce), tag)) : der(0x30, der(0x04, nonce), tag);
  }

  private byte[] recipient(TestHolder holder, byte[] key) throws Exception {
    Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding");
    rsa.init(Cipher.ENCRYPT_MODE, holder.keys().getPublic());
    byte[] name =
        join(
            holder.certificate().getIssuerX500Principal().getEncoded(),
            der(0x02, holder.certificate().getSerialNumber().toByteArray()));
    return der(
        0x30,
        der(0x02, new byte[1]),
        der(0x30, name),
        der(0x30, oid(keyCipher), der(0x05)),
        der(0x04, rsa.doFinal(key)));
  }

  static WrappedKey key(byte[] envelope) {
    return new WrappedKey("pkcs7", envelope);
  }
}
