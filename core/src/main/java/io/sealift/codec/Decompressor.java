package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;

/// Takes one kind of compression away: a seam with several implementations per kind, all of the
/// same contract. Thread-safe; its streams are not.
public interface Decompressor {

  /// Bytes by which the beginning of a stream tells what it needs: the longest header of a zstd
  /// frame.
  int HEAD_BYTES = 18;

  /// The kind that this one reads.
  Compression compression();

  /// What does the work, for people: `isa-l 2.30`, `java.util.zip`.
  String name();

  /// Bytes of its output that a stream keeps to refer back to, by how it begins; 0 where they are
  /// few, or cannot be told.
  ///
  /// @param head the first bytes, {@link #HEAD_BYTES} of them if there are as many
  default long windowBytes(ByteBuffer head) {
    return 0;
  }

  /// A stream at its start. The caller closes it.
  Stream open();

  /// One compressed stream on its way: {@link #decompress} again and again, then {@link #finish}
  /// once.
  ///
  /// All members (gzip) and frames (zstd, also skippable ones) of the input belong to it; checksums
  /// in the format are verified. Buffers are direct; both positions move by what was taken and
  /// given.
  interface Stream extends AutoCloseable {

    /// Decompresses until the input is used up or the output is full, whichever comes first. More
    /// output may be waiting inside when the output buffer comes back full, also when the input is
    /// used up: call again with room before giving new input.
    ///
    /// @throws IntegrityException when the input is not well formed or a checksum is wrong
    /// @throws UnsafeContentException when the input asks for more than a bound allows (a window, a
    ///   number of members)
    void decompress(ByteBuffer input, ByteBuffer output)
        throws IntegrityException, UnsafeContentException;

    /// Says that no more input comes, after all output was taken.
    ///
    /// @throws IntegrityException when the input ended inside a member or frame, or held none
    void finish() throws IntegrityException;

    @Override
    void close();
  }
}
