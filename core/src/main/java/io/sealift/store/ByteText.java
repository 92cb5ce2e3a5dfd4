package io.sealift.store;

import io.sealift.failure.UnsafeContentException;
import java.io.ByteArrayOutputStream;

/// Bytes as text and back, without loss: names in a layer need not be UTF-8, JSON strings have to
/// be. Printable ASCII stands for itself, everything else and `%` is `%XX`.
final class ByteText {

  private static final String DIGITS = "0123456789ABCDEF";

  private ByteText() {}

  static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      if (b >= ' ' && b <= '~' && b != '%') {
        text.append((char) b);
      } else {
        text.append('%').append(DIGITS.charAt((b >> 4) & 15)).append(DIGITS.charAt(b & 15));
      }
    }
    return text.toString();
  }

  static byte[] parse(String text) throws UnsafeContentException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < ' ' || c > '~') {
        throw new UnsafeContentException("read path: expected printable ASCII and escapes");
      }
      if (c == '%') {
        int high = at + 3 <= text.length() ? DIGITS.indexOf(text.charAt(at + 1)) : -1;
        int low = at + 3 <= text.length() ? DIGITS.indexOf(text.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
          throw new UnsafeContentException("read path: expected two hexadecimal digits after %");
        }
        bytes.write(high << 4 | low);
        at += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
