package io.sealift.bundle;

/// Hostile text in a message.
final class Quoted {

  /// Characters that a message repeats.
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  /// The text in quotes, cut when it is long.
  static String of(String text) {
    return text.length() <= MAX_LENGTH
        ? "'" + text + "'"
        : "'" + text.substring(0, MAX_LENGTH) + "…'";
  }
}
