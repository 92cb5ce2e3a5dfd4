package io.sealift.simple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.jspecify.annotations.Nullable;

/// Splits bytes into OpenPGP packets (RFC 9580 §4.2): tags and bodies, without a look at what the
/// bodies hold. Never takes more memory than the bytes have.
final class Packets {

  static final int SIGNATURE = 2;
  static final int ONE_PASS_SIGNATURE = 4;
  static final int SECRET_KEY = 5;
  static final int PUBLIC_KEY = 6;
  static final int COMPRESSED = 8;
  static final int LITERAL = 11;
  static final int USER_ID = 13;
  static final int PUBLIC_SUBKEY = 14;
  static final int USER_ATTRIBUTE = 17;

  /// Bytes of a header in the newer form with the longest length.
  private static final int HEADER_BYTES = 6;

  private final byte[] bytes;
  private int at;

  Packets(byte[] bytes) {
    this.bytes = bytes;
  }

  /// A packet with its body's parts put together.
  @SuppressWarnings("ArrayRecordComponent")
  record Packet(int tag, byte[] body) {

    /// The whole packet for the library's parser, with a header of the newer form.
    BCPGInputStream stream() {
      byte[] whole =
          ByteBuffer.allocate(HEADER_BYTES + body.length)
              .put((byte) (0xc0 | tag))
              .put((byte) 0xff)
              .putInt(body.length)
              .put(body)
              .array();
      return new BCPGInputStream(new ByteArrayInputStream(whole));
    }
  }

  /// The next packet; null at the end.
  @Nullable Packet next() throws WorthlessException {
    if (at == bytes.length) {
      return null;
    }
    int header = octet();
    if ((header & 0x80) == 0) {
      throw new WorthlessException(
          "malformed OpenPGP: byte 0x%02x begins no packet".formatted(header));
    }
    boolean old = (header & 0x40) == 0;
    int tag = old ? (header >> 2) & 0xf : header & 0x3f;
    byte[] body = old ? oldBody(tag, header & 3) : newBody(tag);
    return new Packet(tag, body);
  }

  private byte[] oldBody(int tag, int lengthType) throws WorthlessException {
    return switch (lengthType) {
      case 0 -> take(octet());
      case 1 -> take((octet() << 8) | octet());
      case 2 -> take(number());
      default -> {
        requireData(tag);
        yield take(bytes.length - at);
      }
    };
  }

  private byte[] newBody(int tag) throws WorthlessException {
    int first = octet();
    if (first < 224 || first == 255) {
      return take(length(first));
    }
    requireData(tag);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (first >= 224 && first < 255) {
      whole.writeBytes(take(1L << (first & 0x1f)));
      first = octet();
    }
    whole.writeBytes(take(length(first)));
    return whole.toByteArray();
  }

  private long length(int first) throws WorthlessException {
    if (first < 192) {
      return first;
    }
    return first < 224 ? ((first - 192) << 8) + octet() + 192 : number();
  }

  /// Only packets that carry data may have no length of their own.
  private static void requireData(int tag) throws WorthlessException {
    if (tag != COMPRESSED && tag != LITERAL) {
      throw new WorthlessException(
          "malformed OpenPGP: a packet of type %d without a length".formatted(tag));
    }
  }

  private long number() throws WorthlessException {
    return ((long) octet() << 24) | (octet() << 16) | (octet() << 8) | octet();
  }

  private int octet() throws WorthlessException {
    if (at == bytes.length) {
      throw truncated();
    }
    return bytes[at++] & 0xff;
  }

  private byte[] take(long length) throws WorthlessException {
    if (length > bytes.length - at) {
      throw truncated();
    }
    byte[] taken = Arrays.copyOfRange(bytes, at, at + (int) length);
    at += (int) length;
    return taken;
  }

  private static WorthlessException truncated() {
    return new WorthlessException("malformed OpenPGP: it ends inside a packet");
  }
}
