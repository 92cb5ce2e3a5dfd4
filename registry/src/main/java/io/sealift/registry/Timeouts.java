package io.sealift.registry;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a registry may take.
///
/// @param connect for a connection, TLS included
/// @param read for the whole head of an answer, and for the next bytes of a body; in twice this
///   time at least 1 KiB has to come for each second
/// @param total for a manifest, a blob, or whatever else is asked for, from the first request for
///   it to the last byte: redirects, tokens, further tries and the pauses between them included,
///   and with a blob also what its reader does meanwhile; null for as long as it takes
public record Timeouts(Duration connect, Duration read, @Nullable Duration total) {

  /// 15 seconds, and a minute, as a registry may have to fetch from elsewhere first. A link that is
  /// slow but brings something is never cut.
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(60));

  public Timeouts {
    if (!connect.isPositive() || !read.isPositive() || (total != null && !total.isPositive())) {
      throw new IllegalArgumentException("not positive: " + connect + ", " + read + ", " + total);
    }
  }

  /// Without a bound on the whole.
  public Timeouts(Duration connect, Duration read) {
    this(connect, read, null);
  }

  /// For people: `60`, `0.5`.
  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
