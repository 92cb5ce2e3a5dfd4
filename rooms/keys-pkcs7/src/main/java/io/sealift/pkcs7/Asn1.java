package io.sealift.pkcs7;

import io.sealift.crypt.KeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// One value of ASN.1 (X.690), with a tag of one octet and a length of its own. Whether its content
/// is values again is what the one who reads it expects, not what its tag says: Go writes sequences
/// whose tag is primitive.
///
/// @param tag the identifier octet
/// @param whole the array that the value lies in
/// @param begin where its tag is
/// @param content where its content begins
/// @param end where its content ends
@SuppressWarnings("ArrayRecordComponent")
record Asn1(int tag, byte[] whole, int begin, int content, int end) {

  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  /// Values inside one; an envelope for all of a team has a few dozen.
  private static final int MAX_CHILDREN = 1024;

  /// Octets of a length: 16 MiB is more than any envelope has.
  private static final int MAX_LENGTH_OCTETS = 3;

  /// Reads an array that is one value.
  static Asn1 read(byte[] bytes) throws KeyException {
    Asn1 value = at(bytes, 0, bytes.length);
    if (value.end != bytes.length) {
      throw malformed();
    }
    return value;
  }

  private static Asn1 at(byte[] bytes, int begin, int limit) throws KeyException {
    if (limit - begin < 2) {
      throw malformed();
    }
    int length = bytes[begin + 1] & 0xff;
    int content = begin + 2;
    if (length >= 0x80) {
      int octets = length - 0x80;
      if (octets < 1 || octets > MAX_LENGTH_OCTETS || limit - content < octets) {
        throw malformed();
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | (bytes[content++] & 0xff);
      }
    }
    if (length > limit - content) {
      throw malformed();
    }
    return new Asn1(bytes[begin] & 0xff, bytes, begin, content, content + length);
  }

  private static KeyException malformed() {
    return new KeyException("it is no envelope of PKCS #7");
  }

  /// The value, which has to have this tag.
  Asn1 as(int expected) throws KeyException {
    if (tag != expected) {
      throw malformed();
    }
    return this;
  }

  /// The value, which has to be this object identifier: the octets of its content, hexadecimal.
  void require(String identifier) throws KeyException {
    if (!as(OBJECT_IDENTIFIER).hex().equals(identifier)) {
      throw malformed();
    }
  }

  /// The values that the content is, at least so many.
  List<Asn1> children(int atLeast) throws KeyException {
    List<Asn1> children = new ArrayList<>();
    for (int at = content; at < end; at = children.getLast().end) {
      children.add(at(whole, at, end));
      if (children.size() > MAX_CHILDREN) {
        throw malformed();
      }
    }
    if (children.size() < atLeast) {
      throw malformed();
    }
    return children;
  }

  /// A copy of the content.
  byte[] bytes() {
    return Arrays.copyOfRange(whole, content, end);
  }

  /// A copy of the whole value.
  byte[] encoded() {
    return Arrays.copyOfRange(whole, begin, end);
  }

  /// The content, hexadecimal.
  String hex() {
    return HexFormat.of().formatHex(whole, content, end);
  }
}
