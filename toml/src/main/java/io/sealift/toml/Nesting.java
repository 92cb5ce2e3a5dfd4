package io.sealift.toml;

import io.sealift.failure.BadReferenceException;

/// Bounds how deep a TOML text nests before a parser that recurses sees it. Knows just enough of
/// the language to tell brackets from text and comments.
final class Nesting {

  /// Arrays and tables in each other; settings of registries nest three deep.
  static final int MAX_DEPTH = 16;

  /// Characters of a line, which bounds the parts of a dotted key too; real ones have a hundred.
  static final int MAX_LINE = 8 * 1024;

  private final String text;
  private int at;

  private Nesting(String text) {
    this.text = text;
  }

  /// @throws BadReferenceException when the text exceeds a bound
  static void check(String text, String origin) throws BadReferenceException {
    int lineStart = 0;
    int line = 1;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '\n') {
        if (i - lineStart > MAX_LINE) {
          throw new BadReferenceException(
              "read %s, line %d: %d characters are more than the %d allowed"
                  .formatted(origin, line, i - lineStart, MAX_LINE));
        }
        lineStart = i + 1;
        line++;
      }
    }
    if (new Nesting(text).depth() > MAX_DEPTH) {
      throw new BadReferenceException(
          "read %s: arrays and tables nest deeper than the %d allowed"
              .formatted(origin, MAX_DEPTH));
    }
  }

  private int depth() {
    int depth = 0;
    int deepest = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '#' -> skipTo('\n');
        case '"', '\'' -> skipText(c);
        case '[', '{' -> {
          depth++;
          deepest = Math.max(deepest, depth);
        }
        case ']', '}' -> depth--;
        default -> {}
      }
      at++;
    }
    return deepest;
  }

  private void skipTo(char end) {
    int found = text.indexOf(end, at);
    at = found < 0 ? text.length() : found;
  }

  /// To the last quote of a text; three quotes begin one of several lines.
  private void skipText(char quote) {
    String three = String.valueOf(quote).repeat(3);
    boolean isLong = text.startsWith(three, at);
    at += isLong ? 3 : 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && quote == '"') {
        at++;
      } else if (isLong ? text.startsWith(three, at) : c == quote || c == '\n') {
        at += isLong ? 2 : 0;
        return;
      }
      at++;
    }
  }
}
