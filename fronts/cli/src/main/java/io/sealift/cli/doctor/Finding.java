package io.sealift.cli.doctor;

import java.util.Locale;

/// Something that was looked at.
///
/// @param topic what: `kernel`, `gzip`
/// @param found what there is
/// @param meaning what that means for a pull, and what to do about it; may be empty
public record Finding(String topic, State state, String found, String meaning) {

  public static Finding good(String topic, String found, String meaning) {
    return new Finding(topic, State.GOOD, found, meaning);
  }

  public static Finding fallback(String topic, String found, String meaning) {
    return new Finding(topic, State.FALLBACK, found, meaning);
  }

  public static Finding bad(String topic, String found, String meaning) {
    return new Finding(topic, State.BAD, found, meaning);
  }

  /// How good it is.
  public enum State {
    /// As good as it gets.
    GOOD,
    /// Something slower or smaller takes its place.
    FALLBACK,
    /// Something does not work.
    BAD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
