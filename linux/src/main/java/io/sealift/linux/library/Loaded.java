package io.sealift.linux.library;

import java.util.Optional;

/// A shared library that was looked for: what it offers, or why it is not used here. Absence is no
/// failure, for everything has a fall-back, but it is always told.
public sealed interface Loaded<T> {

  /// The library was found and passed its check.
  record Present<T>(T value) implements Loaded<T> {}

  /// The library is not used.
  ///
  /// @param library its file name, as the loader searches it: `libisal.so.2`
  /// @param reason one line, lower case, with what to do about it
  record Absent<T>(String library, String reason) implements Loaded<T> {}

  default Optional<T> found() {
    return switch (this) {
      case Present<T>(T value) -> Optional.of(value);
      case Absent<T> _ -> Optional.empty();
    };
  }
}
