package io.sealift.store;

import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import java.time.Instant;
import java.util.List;

/// What the store remembers of an image that was admitted.
///
/// @param names logical names that it was admitted under
/// @param digests for each repository that it came from, the name `docker://REPOSITORY@DIGEST` of
///   what was found there: the digest of an index where a name led to one. A name stays here when
///   its tag is another image's by now
/// @param layers base first, repeats kept
/// @param compressedBytes sum of the layers' sizes in the manifest
/// @param pulled when it was let in last
/// @param lastUsed when it was pulled or unmounted last
/// @param pinned whether collections spare it, see {@link Store#pin}
/// @param admissions every time it was let in, the last one first; the oldest are forgotten when
///   they are many
public record ImageRecord(
    Digest manifestDigest,
    Digest imageId,
    List<String> names,
    List<String> digests,
    List<DiffId> layers,
    long compressedBytes,
    long tarBytes,
    Instant pulled,
    Instant lastUsed,
    boolean pinned,
    List<Admission> admissions) {

  public ImageRecord {
    names = List.copyOf(names);
    digests = List.copyOf(digests);
    layers = List.copyOf(layers);
    admissions = List.copyOf(admissions);
  }
}
