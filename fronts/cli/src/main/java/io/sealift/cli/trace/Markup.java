package io.sealift.cli.trace;

/// Text inside of HTML.
final class Markup {

  /// Characters of a text of somebody else's.
  private static final int MAX_CHARACTERS = 500;

  private Markup() {}

  /// What may stand between tags and in attributes with double quotes, and shows what the text
  /// says: `?` for every character that is not to be seen as it is.
  static String text(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .limit(MAX_CHARACTERS)
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            default -> escaped.appendCodePoint(isPrintable(c) ? c : '?');
          }
        });
    if (text.codePointCount(0, text.length()) > MAX_CHARACTERS) {
      escaped.append('…');
    }
    return escaped.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
