package io.sealift.crypt;

import java.io.InterruptedIOException;
import java.util.List;

/// Opens the wrapped keys of one scheme: a seam. Thread-safe.
public interface KeyUnwrapper {

  /// Whether keys of this scheme (see {@link WrappedKey}) are its affair.
  boolean knows(String scheme);

  /// Opens a key.
  ///
  /// @return the private options, JSON (ocicrypt, Private layer block cipher options); the caller
  ///   owns and clears them
  /// @throws KeyException when it cannot be opened here, saying why
  byte[] unwrap(WrappedKey key) throws KeyException, InterruptedIOException;

  /// Whom a key was wrapped for, as far as it tells without being opened: for people. Nothing of it
  /// is proved.
  default List<String> recipients(WrappedKey key) {
    return List.of();
  }
}
