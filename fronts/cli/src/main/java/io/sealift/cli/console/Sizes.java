package io.sealift.cli.console;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write them: `512`, `64K`, `1.5G`; a letter stands for a power of 1024.
public final class Sizes {

  private static final String UNITS = "KMGTP";
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,3})?)([KMGTP]?)(?:I?B)?");

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

  /// Bytes; empty when the text is no size or does not fit 63 bits.
  public static Optional<Long> parse(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      return Optional.empty();
    }
    int unit = size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2)) + 1;
    double bytes = Double.parseDouble(size.group(1)) * Math.pow(1024, unit);
    return bytes >= 0x1p62 ? Optional.empty() : Optional.of((long) bytes);
  }
}
