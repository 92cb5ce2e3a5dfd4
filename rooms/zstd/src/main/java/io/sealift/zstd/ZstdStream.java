package io.sealift.zstd;

import io.sealift.codec.Decompressor;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// A zstd stream from its first frame to its end, over any engine that decodes frames: the part
/// that must be equally strict whatever engine there is. Bytes after the last frame that are not a
/// frame are refused; the format knows no padding but skippable frames.
final class ZstdStream implements Decompressor.Stream {

  /// Frames of one stream, skippable ones included. Seekable layers (zstd:chunked) have one or a
  /// few for each file, and a layer has at most two million entries.
  static final int MAX_FRAMES = 4_000_000;

  /// Frames that give no byte, skippable ones included. Parallel compressors put one before each
  /// part of several MiB; a million of them only burn time.
  static final int MAX_EMPTY_FRAMES = 64 * 1024;

  /// Bytes of all skippable frames. The largest known are the tables of contents of zstd:chunked,
  /// some hundred bytes for each file.
  static final long MAX_SKIPPED_BYTES = 512L << 20;

  private enum Part {
    HEADER,
    BODY,
    SKIPPABLE
  }

  private final Supplier<FrameDecoder> engine;
  private final long windowLimit;
  private final Decompressor.Windows windows;
  private final FrameHeader header = new FrameHeader();
  private Part part = Part.HEADER;
  private int frames;
  private int emptyFrames;
  private boolean frameIsEmpty;

  /// Whether the decoder has given all output that it had.
  private boolean drained;

  private long skipped;
  private long toSkip;
  private FrameDecoder decoder;

  /// Bytes of the largest window so far, which the decoder keeps.
  private long window;

  private boolean closed;

  /// @param engine makes what decodes frames
  /// @param windowLimit bytes of the largest window that a frame may ask for
  /// @param windows is asked for each that is larger than those before
  ZstdStream(Supplier<FrameDecoder> engine, long windowLimit, Decompressor.Windows windows) {
    this.engine = engine;
    this.decoder = engine.get();
    this.windowLimit = windowLimit;
    this.windows = windows;
  }

  @Override
  public void decompress(ByteBuffer input, ByteBuffer output)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    if (closed) {
      throw new IllegalStateException("inflate with a closed stream");
    }
    boolean more = true;
    while (more) {
      more =
          switch (part) {
            case HEADER -> readHeader(input, output);
            case BODY -> readBody(input, output);
            case SKIPPABLE -> skip(input);
          };
    }
  }

  private boolean readHeader(ByteBuffer input, ByteBuffer output)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    if (!input.hasRemaining() || !header.read(input)) {
      return false;
    }
    if (++frames > MAX_FRAMES) {
      throw new UnsafeContentException("inflate zstd: more than %d frames".formatted(MAX_FRAMES));
    }
    if (header.isSkippable()) {
      beginSkippable();
    } else {
      beginFrame(output);
    }
    return true;
  }

  private void beginSkippable() throws UnsafeContentException {
    toSkip = header.skippableSize();
    skipped += toSkip;
    if (skipped > MAX_SKIPPED_BYTES) {
      throw new UnsafeContentException(
          "inflate zstd: more than %d bytes in skippable frames".formatted(MAX_SKIPPED_BYTES));
    }
    countEmpty();
    part = Part.SKIPPABLE;
  }

  private void beginFrame(ByteBuffer output)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    header.check(windowLimit);
    if (header.windowSize() > window) {
      grow(header.windowSize());
    }
    ByteBuffer bytes = header.forDecoder();
    if (decoder.decode(bytes, output) || bytes.hasRemaining()) {
      throw new IntegrityException("inflate zstd: malformed frame: its header is no header");
    }
    frameIsEmpty = true;
    drained = false;
    part = Part.BODY;
  }

  /// The smaller window is given back before the larger one is waited for.
  private void grow(long bytes) throws InterruptedIOException {
    if (window > 0) {
      FrameDecoder fresh = engine.get();
      decoder.close();
      decoder = fresh;
    }
    window = bytes;
    windows.need(bytes);
  }

  private boolean readBody(ByteBuffer input, ByteBuffer output)
      throws IntegrityException, UnsafeContentException {
    if (!output.hasRemaining() || (drained && !input.hasRemaining())) {
      return false; // engines count calls that cannot bring anything, and fail after some
    }
    int taken = input.position();
    int given = output.position();
    boolean ended = decoder.decode(input, output);
    frameIsEmpty &= output.position() == given;
    drained = output.hasRemaining();
    if (ended) {
      endFrame();
    } else if (input.hasRemaining()
        && output.hasRemaining()
        && input.position() == taken
        && output.position() == given) {
      throw new IntegrityException("inflate zstd: malformed frame: the decoder is stuck");
    }
    return ended;
  }

  private void endFrame() throws UnsafeContentException {
    if (frameIsEmpty) {
      countEmpty();
    }
    header.begin();
    part = Part.HEADER;
  }

  private void countEmpty() throws UnsafeContentException {
    if (++emptyFrames > MAX_EMPTY_FRAMES) {
      throw new UnsafeContentException(
          "inflate zstd: more than %d empty or skippable frames".formatted(MAX_EMPTY_FRAMES));
    }
  }

  private boolean skip(ByteBuffer input) {
    int length = (int) Math.min(toSkip, input.remaining());
    input.position(input.position() + length);
    toSkip -= length;
    if (toSkip > 0) {
      return false;
    }
    header.begin();
    part = Part.HEADER;
    return true;
  }

  @Override
  public void finish() throws IntegrityException {
    boolean between = part == Part.HEADER && header.atStart();
    if (between && frames == 0) {
      throw new IntegrityException("inflate zstd: expected a frame, got no bytes");
    }
    if (!between) {
      throw new IntegrityException(
          "inflate zstd: the input ends inside frame %d; it was cut short"
              .formatted(part == Part.HEADER ? frames + 1 : frames));
    }
  }

  @Override
  public void close() {
    closed = true;
    decoder.close();
  }
}
