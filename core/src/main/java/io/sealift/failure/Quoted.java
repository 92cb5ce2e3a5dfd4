package io.sealift.failure;

/// What somebody else wrote, to be quoted in a line for people.
public final class Quoted {
  private Quoted() {}

  /// The first characters of a text; `?` for every one that is not to be seen as it is.
  public static String of(String text, int maxCharacters) {
    StringBuilder quoted = new StringBuilder();
    text.codePoints()
        .limit(maxCharacters)
        .forEach(c -> quoted.appendCodePoint(isPrintable(c) ? c : '?'));
    return quoted.toString();
  }

  /// Neither a control character nor one that turns or hides what stands around it.
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
