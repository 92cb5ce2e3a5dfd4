package io.sealift.keyprovider;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.ProviderMessages;
import java.io.InterruptedIOException;
import java.time.Duration;

/// A way to ask a key provider. Immutable and thread-safe; nothing stays open between two
/// exchanges.
interface Transport {

  /// Bytes of an answer.
  int MAX_ANSWER_BYTES = ProviderMessages.MAX_ANSWER_BYTES;

  /// Asks once.
  ///
  /// @param input JSON; stays the caller's
  /// @param timeout for the whole exchange
  /// @return JSON; the caller owns it
  /// @throws KeyException when there is no answer, saying why
  byte[] exchange(byte[] input, Duration timeout) throws KeyException, InterruptedIOException;
}
