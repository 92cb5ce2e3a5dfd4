package io.sealift.unpack;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/// Reads a layer's tar and tells a {@link TreeSink} what it holds. Immutable and thread-safe.
public final class Unpacker {

  private final UnpackLimits limits;

  public Unpacker(UnpackLimits limits) {
    this.limits = limits;
  }

  /// Unpacks one layer and finishes the sink. The input is read to its end, also what follows the
  /// end of the archive, so that a digest taken of it covers everything. On failure the sink is
  /// left unfinished; sink and split are closed by the caller in any case.
  ///
  /// @param split receives what of the tar is not file content (a tar split); flushed at the end
  /// @throws UnsafeContentException when the tar is malformed, ambiguous or dangerous, or passes a
  ///   bound
  public TreeSummary unpack(TarInput input, TreeSink sink, OutputStream split)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException("" + limits + input + sink + split);
  }
}
