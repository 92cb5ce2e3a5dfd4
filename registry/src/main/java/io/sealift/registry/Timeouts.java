package io.sealift.registry;

import java.time.Duration;

/// How long a registry may take.
///
/// @param connect for a connection, TLS included
/// @param read for the whole head of an answer, and for the next bytes of a body; in twice this
///   time at least 1 KiB has to come for each second
public record Timeouts(Duration connect, Duration read) {

  /// 15 seconds, and a minute, as a registry may have to fetch from elsewhere first.
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(15), Duration.ofSeconds(60));

  public Timeouts {
    if (!connect.isPositive() || !read.isPositive()) {
      throw new IllegalArgumentException("not positive: " + connect + ", " + read);
    }
  }
}
