package io.sealift.pkcs7;

import io.sealift.crypt.KeyException;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A CMS envelope (`EnvelopedData`, RFC 5652 §6) as ocicrypt makes it. Where Go's way of writing
/// differs from the specification (RFC 5084) both are read:
///
/// | what | as specified | as Go writes it |
/// |---|---|---|
/// | parameters of AES-GCM | a sequence | a primitive value with the tag of a sequence, around a sequence |
/// | the nonce | an octet string | a value with the tag `[4]` |
/// | the encrypted content | `[0]`, the octets | `[0]` around octet strings |
///
/// @param addressees at least one
@SuppressWarnings("ArrayRecordComponent")
record Envelope(List<Addressee> addressees, Gcm algorithm, byte[] nonce, byte[] content) {

  /// Bytes of an envelope; one for a hundred certificates has 50 000.
  private static final int MAX_BYTES = 256 * 1024;

  /// Recipients; the images of whole teams have a few dozen.
  private static final int MAX_RECIPIENTS = 256;

  private static final String ENVELOPED_DATA = "2a864886f70d010703";
  private static final String DATA = "2a864886f70d010701";
  private static final int GO_SEQUENCE = 0x10;
  private static final int GO_NONCE = 0x84;
  private static final int CONTENT = 0x80;
  private static final int CONTENT_IN_PARTS = 0xa0;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private static final String WRONG = "the private key does not open it, or it was changed";

  Envelope {
    addressees = List.copyOf(addressees);
  }

  static Envelope parse(byte[] bytes) throws KeyException {
    if (bytes.length > MAX_BYTES) {
      throw new KeyException(
          "it has %d bytes, more than the %d allowed".formatted(bytes.length, MAX_BYTES));
    }
    List<Asn1> info = Asn1.read(bytes).as(Asn1.SEQUENCE).children(2);
    info.getFirst().require(ENVELOPED_DATA);
    Asn1 enveloped = info.get(1).as(CONTENT_IN_PARTS).children(1).getFirst();
    List<Asn1> members = enveloped.as(Asn1.SEQUENCE).children(3);
    List<Addressee> addressees = addressees(members.get(1));
    List<Asn1> encrypted = members.get(2).as(Asn1.SEQUENCE).children(3);
    encrypted.getFirst().require(DATA);
    List<Asn1> algorithm = encrypted.get(1).as(Asn1.SEQUENCE).children(2);
    return new Envelope(
        addressees,
        Gcm.of(algorithm.getFirst()),
        nonce(algorithm.get(1)),
        content(encrypted.get(2)));
  }

  private static List<Addressee> addressees(Asn1 infos) throws KeyException {
    List<Asn1> children = infos.as(Asn1.SET).children(1);
    if (children.size() > MAX_RECIPIENTS) {
      throw new KeyException(
          "it is for %d certificates, expected 1 to %d".formatted(children.size(), MAX_RECIPIENTS));
    }
    List<Addressee> addressees = new ArrayList<>();
    for (Asn1 child : children) {
      addressees.add(Addressee.parse(child));
    }
    return addressees;
  }

  private static byte[] nonce(Asn1 parameters) throws KeyException {
    Asn1 sequence =
        parameters.tag() == GO_SEQUENCE ? parameters.children(1).getFirst() : parameters;
    List<Asn1> members = sequence.as(Asn1.SEQUENCE).children(2);
    Asn1 nonce = members.getFirst();
    byte[] bytes = nonce.as(nonce.tag() == GO_NONCE ? GO_NONCE : Asn1.OCTET_STRING).bytes();
    if (bytes.length != NONCE_BYTES
        || !members.get(1).as(Asn1.INTEGER).hex().equals("%02x".formatted(TAG_BYTES))) {
      throw new KeyException(
          "its cipher has unusual parameters, expected a nonce of %d bytes and a tag of %d"
              .formatted(NONCE_BYTES, TAG_BYTES));
    }
    return bytes;
  }

  private static byte[] content(Asn1 content) throws KeyException {
    if (content.tag() == CONTENT) {
      return content.bytes();
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Asn1 part : content.as(CONTENT_IN_PARTS).children(1)) {
      whole.writeBytes(part.as(Asn1.OCTET_STRING).bytes());
    }
    return whole.toByteArray();
  }

  /// What is inside; the caller owns and clears it.
  byte[] open(Addressee addressee, Holder holder) throws KeyException {
    byte[] key = contentKey(addressee, holder);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(8 * TAG_BYTES, nonce));
      return cipher.doFinal(content);
    } catch (GeneralSecurityException wrong) {
      throw new KeyException(WRONG);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// A key that does not come out right is replaced by a random one, and opening fails later for
  /// the same reason as ever: who can have many envelopes tried must not learn which padding was
  /// sound (RFC 3218).
  private byte[] contentKey(Addressee addressee, Holder holder) {
    byte[] random = new byte[algorithm.keyBytes];
    new SecureRandom().nextBytes(random);
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.DECRYPT_MODE, holder.key());
      byte[] key = cipher.doFinal(addressee.encryptedKey());
      if (key.length == random.length) {
        return key;
      }
      Arrays.fill(key, (byte) 0);
      return random;
    } catch (GeneralSecurityException wrong) {
      return random;
    }
  }

  /// Ciphers that notice changes (RFC 5084 §3.2). Those that do not are refused.
  enum Gcm {
    AES_128("608648016503040106", 16),
    AES_192("60864801650304011a", 24),
    AES_256("60864801650304012e", 32);

    private final String identifier;
    private final int keyBytes;

    Gcm(String identifier, int keyBytes) {
      this.identifier = identifier;
      this.keyBytes = keyBytes;
    }

    static Gcm of(Asn1 identifier) throws KeyException {
      String hex = identifier.as(Asn1.OBJECT_IDENTIFIER).hex();
      for (Gcm one : values()) {
        if (one.identifier.equals(hex)) {
          return one;
        }
      }
      throw new KeyException("its cipher is not AES-GCM, so anybody may have changed it");
    }
  }
}
