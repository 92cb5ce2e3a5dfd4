package io.sealift.store;

import io.sealift.failure.StoreException;
import java.nio.file.Path;

/// A file of the store that does not say what it should.
final class Unsound {

  private Unsound() {}

  static StoreException file(Path file, Exception why) {
    return new StoreException(
        "read %s: %s; run 'sealift fsck --repair'".formatted(file, why.getMessage()), why);
  }
}
