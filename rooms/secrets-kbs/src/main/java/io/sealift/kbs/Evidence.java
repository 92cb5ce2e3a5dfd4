package io.sealift.kbs;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;

/// What proves to a key broker in which state this machine is: a seam between the handshake and the
/// kind of machine. Thread-safe.
public interface Evidence {

  /// The kind of machine, as the key broker names it: `snp`, `tdx`, `sample`, …
  String tee() throws ImageException, InterruptedIOException;

  /// Evidence that covers the given digest.
  ///
  /// @return JSON
  byte[] primary(byte[] reportData) throws ImageException, InterruptedIOException;

  /// Evidence of devices besides.
  ///
  /// @return JSON, an object by kind of device; empty for none
  byte[] additional(byte[] reportData) throws ImageException, InterruptedIOException;
}
