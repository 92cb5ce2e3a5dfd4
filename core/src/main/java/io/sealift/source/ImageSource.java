package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;

/// One place that one image name may be had from: a repository of a registry, a layout directory,
/// an archive. Held open while the image is pulled; the one who opened it closes it. Thread-safe.
public interface ImageSource extends LayerSource, AutoCloseable {

  /// The physical place, for people: `https://registry.example/v2/app`, `oci:/images/app`. Never
  /// holds credentials.
  String place();

  /// What the image is called at this place, which in a mirror is another reference than the one
  /// that was asked for; empty where images have no references.
  default Optional<Reference> reference() {
    return Optional.empty();
  }

  /// The manifest or index that the name refers to. When the name has a digest the bytes still have
  /// to be checked against it.
  ///
  /// @throws io.sealift.failure.NotFoundException when there is none
  ManifestBytes manifest() throws ImageException, InterruptedIOException;

  /// The manifest or index with this descriptor, named by an index of this image.
  ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException;

  /// The manifest under another tag of the same repository, such as a signature's; empty when there
  /// is none.
  Optional<ManifestBytes> tagged(String tag) throws ImageException, InterruptedIOException;

  /// The manifests whose subject has this digest (OCI distribution specification, Listing
  /// Referrers), as the source lists them: in a registry by its interface or, where it has none, by
  /// the tag `<algorithm>-<hex>`.
  ///
  /// @return at most `limit` of them
  List<Descriptor> referrers(Digest subject, int limit)
      throws ImageException, InterruptedIOException;

  /// Simple signatures of a manifest that the registry itself keeps
  /// (`X-Registry-Supports-Signatures`); none elsewhere.
  ///
  /// @return at most `limit` of them; larger ones than `maxBytes` are left out
  List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes)
      throws ImageException, InterruptedIOException;

  @Override
  void close();
}
