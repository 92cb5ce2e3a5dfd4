package io.sealift.imageconfig;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Quoted;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write them: `512`, `64K`, `1.5G`, `2GiB`; a letter stands for a power of 1024.
public final class ByteSize {

  private static final String UNITS = "KMGTP";
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,3})?)([KMGTP]?)(?:I?B)?");

  private static final int MAX_QUOTED = 40;

  private ByteSize() {}

  /// Bytes; empty when the text is no size or does not fit 62 bits.
  public static Optional<Long> parse(String text) {
    Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      return Optional.empty();
    }
    int unit = size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2)) + 1;
    double bytes = Double.parseDouble(size.group(1)) * Math.pow(1024, unit);
    return bytes >= 0x1p62 ? Optional.empty() : Optional.of((long) bytes);
  }

  /// Bytes that a setting says, or as many as there are.
  public static long orUnbounded(Optional<Configuration.Value> value) throws BadReferenceException {
    return value.isPresent() ? of(value.get()) : Long.MAX_VALUE;
  }

  /// Bytes that a setting says.
  public static long of(Configuration.Value value) throws BadReferenceException {
    return parse(value.text())
        .orElseThrow(() ->
            new BadReferenceException(
                "read %s: expected a size such as 512M or 2G, found '%s'"
                    .formatted(value.origin(), Quoted.of(value.text(), MAX_QUOTED))));
  }
}
