package io.sealift.cri;

import io.sealift.cri.image.Pins;
import io.sealift.cri.image.ShortNames;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.pull.ImageClient;
import io.sealift.registry.CredentialSource;
import java.io.InterruptedIOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// What pulls are made with as long as the settings stay as they are. Thread-safe.
///
/// @param number tells these settings from those before and after
record Node(long number, Clients clients, ShortNames shortNames, Pins pins) {

  /// Makes clients for those who ask.
  @FunctionalInterface
  interface Clients {

    /// @param asker who asks the registry that an image's name means; null for whom the settings
    ///   name
    ImageClient client(@Nullable CredentialSource asker);
  }

  /// The image that a name means. Of several meanings of one without a registry it is the first
  /// that some registry has; nothing but that decides, so that no other image takes the place of
  /// one that a policy refuses.
  Reference meant(String name, ImageClient client) throws ImageException, InterruptedIOException {
    Iterator<Reference> candidates = shortNames.meanings(name).iterator();
    while (true) {
      Reference candidate = candidates.next();
      if (!candidates.hasNext()) {
        return candidate;
      }
      try {
        var _ = client.resolve(new ImageName.InRegistry(candidate), Platform.host());
        return candidate;
      } catch (NotFoundException missing) {
        System.getLogger("io.sealift.cri")
            .log(System.Logger.Level.DEBUG, "{0}: {1}", name, missing.getMessage());
      }
    }
  }
}
