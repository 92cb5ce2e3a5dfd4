package io.sealift.wire;

import java.io.InterruptedIOException;

/// Answers one method of a service. Called on a thread of its own for each call; many at once.
@FunctionalInterface
public interface Handler {

  /// Answers a call. The thread is interrupted when the caller has gone, its time is over, or the
  /// server closes; nobody gets the answer then.
  ///
  /// @param request whose payload is the handler's own
  /// @return the method's message; the server owns and overwrites it
  /// @throws TtrpcException for the answer that the call failed, with code and message
  /// @throws ProtoException when the payload is no such message: `INVALID_ARGUMENT`
  byte[] answer(Request request)
      throws TtrpcException, ProtoException, InterruptedIOException, InterruptedException;
}
