package io.sealift.cli.console;

import java.util.Locale;

/// Sizes for people; units are powers of 1024.
public final class Sizes {

  private static final String UNITS = "KMGTP";

  private Sizes() {}

  /// Four digits at most and a unit: `999 B`, `12.3 MiB`.
  public static String format(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1023.95 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", value, UNITS.charAt(unit));
  }
}
