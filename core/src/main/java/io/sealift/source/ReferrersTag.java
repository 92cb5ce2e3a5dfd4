package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.Index;
import java.io.InterruptedIOException;
import java.util.List;

/// Referrers in a source that cannot list them: an index under the tag `<algorithm>-<hex>` names
/// them (OCI distribution specification, Referrers Tag Schema).
public final class ReferrersTag {

  /// Digits of the digest in the tag, which may have no more than 128 characters.
  private static final int MAX_HEX_LENGTH = 64;

  private ReferrersTag() {}

  /// At most `limit` of the referrers that the index under the tag names; none without that tag,
  /// and none when something else is there, as the specification has it.
  public static List<Descriptor> referrers(ImageSource source, Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    ManifestBytes found = source.tagged(tag(subject)).orElse(null);
    if (found == null) {
      return List.of();
    }
    try {
      return Document.parse(found.bytes(), found.declared()) instanceof Index index
          ? index.manifests().stream().limit(limit).toList()
          : List.of();
    } catch (UnsafeContentException | UnsupportedImageException somethingElse) {
      return List.of();
    }
  }

  private static String tag(Digest subject) {
    String hex = subject.hex();
    return subject.algorithm().label()
        + "-"
        + hex.substring(0, Math.min(hex.length(), MAX_HEX_LENGTH));
  }
}
