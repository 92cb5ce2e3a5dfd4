package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import java.io.InterruptedIOException;

/// Opens the place where an image name is to be had. Thread-safe.
public interface ImageSources {

  /// The source for this name; the caller closes it.
  ///
  /// @throws io.sealift.failure.NotFoundException when there is no such layout or archive
  ImageSource open(ImageName name) throws ImageException, InterruptedIOException;
}
