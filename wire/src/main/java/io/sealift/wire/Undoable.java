package io.sealift.wire;

import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// Answers one method whose work is worth nothing, and would stay behind, when nobody learns of it.
/// Otherwise as {@link Handler}.
@FunctionalInterface
public interface Undoable {

  /// Answers a call, and says how its work is undone.
  ///
  /// @throws TtrpcException for the answer that the call failed; nothing is left to undo then
  /// @throws ProtoException when the payload is no such message: `INVALID_ARGUMENT`
  Done answer(Request request)
      throws TtrpcException, ProtoException, InterruptedIOException, InterruptedException;

  /// Work that is done.
  ///
  /// @param answer the method's message; the server owns and overwrites it
  /// @param undo runs once, on a thread that is not interrupted, when the answer could not be
  ///   written: the caller is gone, its time was over, or the server closes. What the caller's
  ///   machine does with an answer that was written is not known here. Null when there is nothing
  ///   to undo.
  @SuppressWarnings("ArrayRecordComponent")
  record Done(byte[] answer, @Nullable Runnable undo) {}
}
