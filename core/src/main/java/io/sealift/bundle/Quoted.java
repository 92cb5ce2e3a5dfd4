package io.sealift.bundle;

/// Hostile text made fit for a message of one line.
final class Quoted {

  /// Characters that a message repeats.
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  /// The text in quotes, control characters as `\xNN`, cut when it is long.
  static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(c -> {
          if (Character.isISOControl(c) || !Character.isDefined(c) || isLineEnd(c)) {
            quoted.append("\\x%02x".formatted(c));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    return quoted.append(text.length() > MAX_LENGTH ? "…'" : "'").toString();
  }

  private static boolean isLineEnd(int c) {
    return c == 0x2028 || c == 0x2029;
  }
}
