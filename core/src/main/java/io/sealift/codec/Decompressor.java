package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.io.InterruptedIOException;
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

  /// A stream at its start. The caller closes it.
  Stream open();

  /// The same, and before it keeps more of its output to refer back to than it did so far, it asks.
  /// Streams that keep little ask nobody.
  default Stream open(Windows windows) {
    return open();
  }

  /// Who is asked for memory for a window.
  interface Windows {

    /// Whoever asks gets it.
    Windows FREE = _ -> {};

    /// Returns when the stream may keep so many bytes.
    void need(long bytes) throws InterruptedIOException;
  }

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
    /// @throws InterruptedIOException when the thread was interrupted while it waited for a window
    void decompress(ByteBuffer input, ByteBuffer output)
        throws IntegrityException, UnsafeContentException, InterruptedIOException;

    /// Says that no more input comes, after all output was taken.
    ///
    /// @throws IntegrityException when the input ended inside a member or frame, or held none
    void finish() throws IntegrityException;

    @Override
    void close();
  }
}
