package io.sealift.registry.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes the headers of one request (RFC 7541), each in full: nothing of one request helps to
/// guess at another one.
public final class HeaderWriter {

  private static final int NEVER_KEPT = 0x10;

  private final ByteArrayOutputStream block = new ByteArrayOutputStream();

  /// @param name in lower case
  /// @param value of ASCII
  public HeaderWriter add(String name, String value) {
    block.write(NEVER_KEPT);
    text(name);
    text(value);
    return this;
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int most = 0x7f;
    if (bytes.length < most) {
      block.write(bytes.length);
    } else {
      block.write(most);
      int rest = bytes.length - most;
      for (; rest > 0x7f; rest >>= 7) {
        block.write(0x80 | (rest & 0x7f));
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /// All of it so far.
  public byte[] block() {
    return block.toByteArray();
  }
}
