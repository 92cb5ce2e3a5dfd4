package io.sealift.kata;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.pull.ImageClient;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What pulls are made with as long as the settings stay as they are. Thread-safe.
///
/// Its client is made for the first pull, because settings may be with the guest's owner, whom
/// nobody can ask yet when the daemon begins. What failed is tried again for the next pull.
final class Guest {

  private final Assembly assembly;
  private @Nullable ImageClient client;

  Guest(Assembly assembly) {
    this.assembly = assembly;
  }

  Assembly assembly() {
    return assembly;
  }

  /// What brings images into the store and makes bundles.
  synchronized ImageClient client() throws ImageException, InterruptedIOException {
    ImageClient known = client;
    if (known == null) {
      known = assembly.client();
      client = known;
    }
    return known;
  }

  /// The image that a name means. A name without a registry is what the settings of registries make
  /// of it: of several meanings the first that some registry has, and nothing but that decides, so
  /// that no other image takes the place of one that a policy refuses.
  ImageName named(String text) throws ImageException, InterruptedIOException {
    Reference whole = Reference.parse(text);
    if (Reference.namesDomain(text)) {
      return new ImageName.InRegistry(whole);
    }
    Map<Reference, String> meanings = assembly.meanings(text);
    Iterator<Reference> candidates = meanings.keySet().iterator();
    while (true) {
      ImageName candidate = new ImageName.InRegistry(candidates.next());
      if (!candidates.hasNext()) {
        return candidate;
      }
      try {
        var _ = client().resolve(candidate, Platform.host());
        return candidate;
      } catch (NotFoundException missing) {
        System.getLogger("io.sealift.kata")
            .log(System.Logger.Level.DEBUG, "{0}: {1}", text, missing.getMessage());
      }
    }
  }
}
