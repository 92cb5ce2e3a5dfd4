package io.sealift.sigstore.certificate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When something was trusted; both ends belong to it.
///
/// @param end null when there is none
public record Period(Instant start, @Nullable Instant end) {

  public static final Period ALWAYS = new Period(Instant.MIN, null);

  public boolean contains(Instant time) {
    return !time.isBefore(start) && (end == null || !time.isAfter(end));
  }

  @Override
  public String toString() {
    return "from " + start + (end == null ? "" : " to " + end);
  }
}
