package io.sealift.secret;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;

/// Reads keys, policies and other small resources by URI. Each source knows some schemes and
/// refuses the others. Thread-safe.
public interface SecretSource {

  /// A resource, whole.
  ///
  /// @param uri `file:///PATH`, a bare absolute path, or another scheme that the source knows, such
  ///   as `kbs:///REPOSITORY/TYPE/TAG`
  /// @param maxBytes what it may have; more is refused
  /// @return its bytes, owned by the caller
  /// @throws io.sealift.failure.NotFoundException when there is none
  byte[] read(String uri, int maxBytes) throws ImageException, InterruptedIOException;
}
