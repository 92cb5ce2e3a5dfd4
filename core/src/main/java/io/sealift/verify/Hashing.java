package io.sealift.verify;

import io.sealift.oci.DigestAlgorithm;

/// Makes hashers: the seam between digests and what computes them fastest here. Thread-safe.
public interface Hashing {

  /// What computes the digests, for people: `JCA`, `libcrypto 3.0`.
  String name();

  /// A hasher at its start; the caller closes it.
  Hasher open(DigestAlgorithm algorithm);
}
