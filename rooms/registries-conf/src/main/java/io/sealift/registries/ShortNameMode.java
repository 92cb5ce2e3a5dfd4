package io.sealift.registries;

import java.util.Locale;
import java.util.Optional;

/// What is done about a short name that several registries may mean (`short-name-mode`). Nobody is
/// ever asked: this program runs as one does without a terminal.
public enum ShortNameMode {
  /// It is refused.
  ENFORCING,
  /// All are tried.
  PERMISSIVE,
  /// All are tried.
  DISABLED;

  static Optional<ShortNameMode> named(String text) {
    for (ShortNameMode mode : values()) {
      if (mode.toString().equals(text)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
