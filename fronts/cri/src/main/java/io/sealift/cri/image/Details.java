package io.sealift.cri.image;

import io.sealift.failure.ImageException;
import io.sealift.oci.Digest;
import io.sealift.oci.ImageConfig;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is told of an image besides its names.
///
/// @param size bytes of manifest, config and layers as they came
/// @param uid the user of its containers by number; null when it is a name or none
/// @param username the same by name; empty when it is a number or none
record Details(long size, @Nullable Long uid, String username) {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  static Details read(Store store, ImageRecord image) throws ImageException {
    byte[] config = store.config(image);
    long size = image.compressedBytes() + config.length + store.manifest(image).length;
    String user = ImageConfig.parse(config).execution().user();
    int colon = user.indexOf(':');
    return of(size, colon < 0 ? user : user.substring(0, colon));
  }

  /// @param user `User` of the config before its colon; what is too large for a number is a name
  static Details of(long size, String user) {
    return NUMBER.matcher(user).matches()
        ? new Details(size, Long.valueOf(user), "")
        : new Details(size, null, user);
  }

  /// Details of a store's images, read once as long as the image is there. Thread-safe.
  static final class Memory {

    private final Map<Digest, Details> known = new ConcurrentHashMap<>();

    Details of(Store store, ImageRecord image) throws ImageException {
      Details details = known.get(image.manifestDigest());
      if (details == null) {
        details = read(store, image);
        known.put(image.manifestDigest(), details);
      }
      return details;
    }

    /// Forgets all others.
    void keep(Collection<ImageRecord> images) {
      known.keySet().retainAll(images.stream().map(ImageRecord::manifestDigest).toList());
    }
  }
}
