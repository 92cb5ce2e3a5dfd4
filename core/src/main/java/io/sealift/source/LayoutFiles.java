package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import java.util.Optional;

/// The files of an OCI image layout, wherever they lie. Thread-safe.
interface LayoutFiles extends AutoCloseable {

  /// The place, for messages.
  String place();

  /// A file by its path in the layout, such as `index.json`, from `offset`; empty when there is
  /// none.
  Optional<BlobStream> open(String path, long offset) throws ImageException;

  /// A file that has to be there.
  default BlobStream require(String path, long offset) throws ImageException {
    return open(path, offset)
        .orElseThrow(
            () -> new NotFoundException("open %s in %s: no such file".formatted(path, place())));
  }

  @Override
  void close();
}
