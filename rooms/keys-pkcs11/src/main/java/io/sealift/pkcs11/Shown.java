package io.sealift.pkcs11;

/// Text that others wrote, as a message may show it.
final class Shown {

  /// Characters that are shown.
  private static final int MAX_CHARACTERS = 100;

  private Shown() {}

  static String of(String text) {
    String shown = text.substring(0, Math.min(text.length(), MAX_CHARACTERS));
    return shown.replaceAll("\\p{C}", "?") + (text.length() > MAX_CHARACTERS ? "…" : "");
  }
}
