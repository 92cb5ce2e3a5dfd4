package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import java.nio.ByteBuffer;

/// Decodes what follows the header of a gzip member: deflate data (RFC 1951) and the trailer with
/// checksum and length (RFC 1952 §2.3.1). The engine below {@link GzipStream}, which reads
/// everything around it. Used by one thread at a time.
public interface MemberDecoder extends AutoCloseable {

  /// Begins a member: the next byte of input is the first of its deflate data.
  void begin();

  /// Decodes until the input is used up, the output is full or the member ends. Takes nothing
  /// beyond the member's trailer.
  ///
  /// @return whether the member ended; all its output was given and its trailer was right
  /// @throws IntegrityException when the data is malformed, or the trailer is of other data
  boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException;

  @Override
  void close();
}
