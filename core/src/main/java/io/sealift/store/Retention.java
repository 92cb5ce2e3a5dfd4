package io.sealift.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which images a collection forgets besides removing what no image needs: never one that is
/// mounted, pinned or being pulled.
///
/// @param unusedSince forget images that were neither pulled nor unmounted since then; null to
///   forget none for its age
/// @param maxBytes forget images, the one unused for longest first, until the layers that are left
///   are no more than this, in bytes of their tars; null to forget none for its size
public record Retention(@Nullable Instant unusedSince, @Nullable Long maxBytes) {

  /// Forgets no image.
  public static final Retention ALL = new Retention(null, null);

  public Retention {
    if (maxBytes != null && maxBytes < 0) {
      throw new IllegalArgumentException("negative size: " + maxBytes);
    }
  }
}
