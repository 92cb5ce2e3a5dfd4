package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import java.io.InterruptedIOException;

/// One place that one image name may be had from: a repository of a registry, a layout directory,
/// an archive. Held open while the image is pulled; the one who opened it closes it. Thread-safe.
public interface ImageSource extends LayerSource, AutoCloseable {

  /// The physical place, for people: `https://registry.example/v2/app`, `oci:/images/app`. Never
  /// holds credentials.
  String place();

  /// The manifest or index that the name refers to. When the name has a digest the bytes still have
  /// to be checked against it.
  ///
  /// @throws io.sealift.failure.NotFoundException when there is none
  ManifestBytes manifest() throws ImageException, InterruptedIOException;

  /// The manifest or index with this descriptor, named by an index of this image.
  ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException;

  @Override
  void close();
}
