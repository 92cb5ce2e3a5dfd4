package io.sealift.pkcs7;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Writes ASN.1 by hand, as specified or not.
final class Der {

  private Der() {}

  static byte[] der(int tag, byte[]... parts) {
    byte[] content = join(parts);
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : ByteBuffer.allocate(5).put((byte) tag).putInt(length | 0x83000000).array();
    return join(head, content);
  }

  static byte[] oid(String hex) {
    return der(0x06, HexFormat.of().parseHex(hex));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
