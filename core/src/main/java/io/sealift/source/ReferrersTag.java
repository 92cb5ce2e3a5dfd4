package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.Index;
import java.io.InterruptedIOException;
import java.util.List;

/// Referrers in a source that cannot list them: an index under the tag `<algorithm>-<hex>` names
/// them (OCI distribution specification, Referrers Tag Schema).
public final class ReferrersTag {

  private ReferrersTag() {}

  /// At most `limit` of the referrers that the index under the tag names; none without that tag.
  public static List<Descriptor> referrers(ImageSource source, Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    ManifestBytes found =
        source.tagged(subject.algorithm().label() + "-" + subject.hex()).orElse(null);
    if (found == null) {
      return List.of();
    }
    if (!(Document.parse(found.bytes(), found.declared()) instanceof Index index)) {
      throw new UnsafeContentException(
          "list referrers of %s in %s: expected an index".formatted(subject, source.place()));
    }
    return index.manifests().stream().limit(limit).toList();
  }
}
