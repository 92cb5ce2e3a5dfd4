package io.sealift.tar;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Names of hostile origin as text for people: one line, without anything that a terminal obeys.
public final class Printable {

  /// Bytes of a name that messages show; the rest would bury what they say.
  private static final int MAX_IN_MESSAGE = 256;

  private Printable() {}

  /// All of the bytes: printable UTF-8 as it is, a backslash doubled, every other byte as `\xNN`.
  public static String of(byte[] bytes) {
    for (byte b : bytes) {
      if (b < ' ' || b > '~' || b == '\\') {
        return escaped(bytes, bytes.length);
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /// The same, but cut off with `…` where a message would become too long.
  public static String shortened(byte[] bytes) {
    return bytes.length <= MAX_IN_MESSAGE ? of(bytes) : escaped(bytes, MAX_IN_MESSAGE) + "…";
  }

  private static String escaped(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder(length + 16);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CharBuffer out = CharBuffer.allocate(length);
    while (in.hasRemaining()) {
      CoderResult result = decoder.reset().decode(in, out.clear(), true);
      out.flip().codePoints().forEach(point -> append(text, point));
      for (int i = 0; result.isError() && i < result.length(); i++) {
        hex(text, in.get());
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, int point) {
    if (point == '\\') {
      text.append("\\\\");
    } else if (isPrintable(point)) {
      text.appendCodePoint(point);
    } else {
      for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
        hex(text, b);
      }
    }
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void hex(StringBuilder text, byte b) {
    text.append("\\x%02x".formatted(b & 0xff));
  }
}
