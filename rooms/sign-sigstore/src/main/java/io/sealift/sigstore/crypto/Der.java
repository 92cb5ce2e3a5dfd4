package io.sealift.sigstore.crypto;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One value of ASN.1 in DER (X.690): a tag, and content that may be values again. Reads strictly,
/// and only the forms that certificates and time stamps have: tags of one byte, lengths that are
/// definite and as short as can be.
///
/// @param tag the identifier octet
/// @param whole the array that the value lies in
/// @param begin where its tag is
/// @param content where its content begins
/// @param end where its content ends
@SuppressWarnings("ArrayRecordComponent")
public record Der(int tag, byte[] whole, int begin, int content, int end) {

  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int UTF8_STRING = 0x0c;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int SEQUENCE = 0x30;
  public static final int SET = 0x31;

  /// Values of one sequence; certificates have some twenty extensions.
  private static final int MAX_CHILDREN = 256;

  /// The tag of a constructed value `[number]`.
  public static int context(int number) {
    return 0xa0 | number;
  }

  /// Reads an array that is one value.
  public static Der read(byte[] bytes) throws Unproven {
    Der value = at(bytes, 0, bytes.length);
    if (value.end != bytes.length) {
      throw malformed("more after the value");
    }
    return value;
  }

  private static Der at(byte[] bytes, int begin, int limit) throws Unproven {
    if (limit - begin < 2) {
      throw malformed("cut short");
    }
    int tag = bytes[begin] & 0xff;
    int first = bytes[begin + 1] & 0xff;
    int content = begin + 2;
    long length = first;
    if (first >= 0x80) {
      int octets = first - 0x80;
      content += octets;
      if (octets < 1 || octets > 4 || content > limit) {
        throw malformed("a length of %d octets".formatted(octets));
      }
      length = new BigInteger(1, bytes, begin + 2, octets).longValue();
      if (length < 0x80 || (octets > 1 && bytes[begin + 2] == 0)) {
        throw malformed("a length that could be shorter");
      }
    }
    if ((tag & 0x1f) == 0x1f || length > limit - content) {
      throw malformed("a tag of several octets, or content beyond the end");
    }
    return new Der(tag, bytes, begin, content, content + (int) length);
  }

  private static Unproven malformed(String why) {
    return new Unproven("not DER: " + why);
  }

  /// The value, which has to have this tag.
  public Der as(int expected) throws Unproven {
    if (tag != expected) {
      throw malformed("tag %02x, expected %02x".formatted(tag, expected));
    }
    return this;
  }

  /// The values inside a sequence, a set or another constructed value.
  public List<Der> children() throws Unproven {
    if ((tag & 0x20) == 0) {
      throw malformed("tag %02x has no values inside".formatted(tag));
    }
    List<Der> children = new ArrayList<>();
    for (int at = content; at < end; at = children.getLast().end) {
      if (children.size() == MAX_CHILDREN) {
        throw malformed("more than %d values in one".formatted(MAX_CHILDREN));
      }
      children.add(at(whole, at, end));
    }
    return children;
  }

  /// The value at this place inside.
  public Der child(int index) throws Unproven {
    List<Der> children = children();
    if (index >= children.size()) {
      throw malformed("%d values, expected more".formatted(children.size()));
    }
    return children.get(index);
  }

  /// The content.
  public byte[] bytes() {
    return Arrays.copyOfRange(whole, content, end);
  }

  /// Tag, length and content.
  public byte[] encoded() {
    return Arrays.copyOfRange(whole, begin, end);
  }

  public BigInteger integer() throws Unproven {
    as(INTEGER);
    if (content == end) {
      throw malformed("an integer of no octets");
    }
    return new BigInteger(whole, content, end - content);
  }

  /// A string of bits that are whole octets.
  public byte[] bits() throws Unproven {
    as(BIT_STRING);
    if (content == end || whole[content] != 0) {
      throw malformed("bits that are no whole octets");
    }
    return Arrays.copyOfRange(whole, content + 1, end);
  }

  /// An object identifier as numbers joined by dots.
  public String identifier() throws Unproven {
    as(OBJECT_IDENTIFIER);
    StringBuilder text = new StringBuilder();
    long value = 0;
    for (int at = content; at < end; at++) {
      value = (value << 7) | (whole[at] & 0x7f);
      if (value > Integer.MAX_VALUE) {
        throw malformed("an identifier with a huge number");
      }
      if ((whole[at] & 0x80) == 0) {
        boolean begins = text.isEmpty();
        long top = begins ? Math.min(value / 40, 2) : 0;
        text.append(begins ? top + "." + (value - 40 * top) : "." + value);
        value = 0;
      }
    }
    if (text.isEmpty() || whole[end - 1] < 0) {
      throw malformed("an identifier that is cut short");
    }
    return text.toString();
  }

  /// Encodes a value whose content is these parts.
  public static byte[] encode(int tag, byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    all.write(tag);
    if (length < 0x80) {
      all.write(length);
    } else {
      byte[] digits = BigInteger.valueOf(length).toByteArray();
      int zeros = digits[0] == 0 ? 1 : 0;
      all.write(0x80 + digits.length - zeros);
      all.write(digits, zeros, digits.length - zeros);
    }
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
