package io.sealift.policy;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;

/// Where the policy is. It is read anew for every image, so that one that changed counts at once,
/// and one that cannot be read lets nothing in. Thread-safe.
@FunctionalInterface
public interface PolicySource {

  /// The policy as it is now.
  ///
  /// @throws ImageException when it cannot be read, or is not understood to the last key
  Policy read() throws ImageException, InterruptedIOException;
}
