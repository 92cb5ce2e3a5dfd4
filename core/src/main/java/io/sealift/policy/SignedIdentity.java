package io.sealift.policy;

import io.sealift.oci.Reference;

/// Which image a signature has to name (`signedIdentity`, containers-policy.json(5)).
public sealed interface SignedIdentity {

  /// The reference that was asked for, with its tag or digest.
  record MatchExact() implements SignedIdentity {}

  /// The same, or only the same repository when the image was asked for by digest.
  record MatchRepoDigestOrExact() implements SignedIdentity {}

  /// The same repository.
  record MatchRepository() implements SignedIdentity {}

  /// This reference, with tag or digest, whatever was asked for.
  record ExactReference(Reference reference) implements SignedIdentity {}

  /// This repository, whatever was asked for.
  ///
  /// @param repository normalised, without tag and digest: `docker.io/library/busybox`
  record ExactRepository(String repository) implements SignedIdentity {}

  /// What was asked for with its leading `prefix` replaced.
  record RemapIdentity(String prefix, String signedPrefix) implements SignedIdentity {}
}
