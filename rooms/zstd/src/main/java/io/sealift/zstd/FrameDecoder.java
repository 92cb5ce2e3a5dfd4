package io.sealift.zstd;

import io.sealift.failure.IntegrityException;
import java.nio.ByteBuffer;

/// Decodes zstd frames one after the other, header and checksum included: the engine below {@link
/// ZstdStream}, which looks at their headers first and reads what is between them. Used by one
/// thread at a time.
interface FrameDecoder extends AutoCloseable {

  /// Decodes until the input is used up, the output is full or the frame ends. Takes nothing beyond
  /// the frame. Buffers are direct.
  ///
  /// @return whether the frame ended; all its output was given and its checksum, if any, was right
  /// @throws IntegrityException when the frame is malformed, or its checksum or size is of other
  ///   data
  boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException;

  @Override
  void close();
}
