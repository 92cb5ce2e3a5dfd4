package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.codec.MemberDecoder;
import io.sealift.failure.IntegrityException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// One `struct inflate_state` of ISA-L, from construction to {@link #close}, which frees it.
///
/// Headers are read by the caller; the library decodes the deflate data and verifies the trailer
/// (`ISAL_GZIP_NO_HDR_VER`). Fields of the structure, as in `igzip_lib.h` from 2.20 to 2.32:
///
/// | offset | field | |
/// |--:|---|---|
/// | 0, 8 | `next_out`, `avail_out` | where output goes, moved by each call |
/// | 16, 32 | `next_in`, `avail_in` | where input comes from, moved by each call |
/// | 21160 | `block_state` | 5 once a member is complete |
/// | 21172 | `crc_flag` | what stands around the deflate data |
/// | 87368 | | end of the structure |
final class IsalMember implements MemberDecoder {

  /// The functions of the library that are used here, all of one argument, the state.
  record Functions(NativeFunction init, NativeFunction reset, NativeFunction inflate) {}

  private static final long NEXT_OUT = 0;
  private static final long AVAIL_OUT = 8;
  private static final long NEXT_IN = 16;
  private static final long AVAIL_IN = 32;
  private static final long BLOCK_STATE = 21_160;
  private static final long CRC_FLAG = 21_172;
  private static final long STATE_BYTES = 87_368;

  /// More than the structure has, so that a longer one is noticed and does no harm.
  private static final long ALLOCATED_BYTES = 128 * 1024;

  /// Bytes behind the structure that have to stay as they were when it is tried.
  private static final long WATCHED_BYTES = 4096;

  private static final int BLOCK_FINISH = 5;
  private static final int GZIP_NO_HEADER_VERIFY = 6;

  /// A member without its header: 70,000 bytes of `0123456789abcdef`, again and again.
  private static final String SAMPLE =
      "edc7c901c0100000b09594bac641d97f840ee19bfc129e98de5c6aeb63ae6f9fe0"
          + "ee".repeat(135)
          + "d7ff01ba57aa8970110100";

  private static final int SAMPLE_BYTES = 70_000;

  private final Functions functions;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(ALLOCATED_BYTES, Long.BYTES);

  IsalMember(Functions functions) {
    this.functions = functions;
    functions.init.call(state.address());
  }

  /// Decodes a sample of more than the library's own buffer and looks whether every field that is
  /// used here was where it is thought to be.
  ///
  /// @throws IntegrityException when the library's structure is another one
  void check() throws IntegrityException {
    byte[] sample = HexFormat.of().parseHex(SAMPLE);
    ByteBuffer input = ByteBuffer.allocateDirect(sample.length).put(sample).flip();
    ByteBuffer output = ByteBuffer.allocateDirect(SAMPLE_BYTES + 1);
    begin();
    boolean early = decode(input, output.limit(SAMPLE_BYTES / 2));
    boolean ended = decode(input, output.limit(output.capacity()));
    if (early || !ended || input.hasRemaining() || output.position() != SAMPLE_BYTES) {
      throw new IntegrityException("a known sample did not inflate to its length");
    }
    for (int i = 0; i < SAMPLE_BYTES; i += 1111) {
      if (output.get(i) != Character.forDigit(i % 16, 16)) {
        throw new IntegrityException("a known sample did not inflate to its content");
      }
    }
    for (long at = STATE_BYTES; at < STATE_BYTES + WATCHED_BYTES; at += Long.BYTES) {
      if (state.get(JAVA_LONG, at) != 0) {
        throw new IntegrityException("its state is longer than %d bytes".formatted(STATE_BYTES));
      }
    }
  }

  @Override
  public void begin() {
    functions.reset.call(state.address());
    state.set(JAVA_INT, CRC_FLAG, GZIP_NO_HEADER_VERIFY);
  }

  @Override
  public boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException {
    if (output.isReadOnly()) {
      throw new IllegalArgumentException("output into a buffer that is read-only");
    }
    int result = inflate(input, output);
    if (result < 0) {
      throw new IntegrityException("inflate gzip: " + explain(result));
    }
    boolean taken = advance(input, AVAIL_IN);
    boolean given = advance(output, AVAIL_OUT);
    boolean ended = state.get(JAVA_INT, BLOCK_STATE) == BLOCK_FINISH;
    if (!taken && !given && !ended && input.hasRemaining() && output.hasRemaining()) {
      throw new IntegrityException("inflate gzip: malformed deflate data, the library is stuck");
    }
    return ended;
  }

  private int inflate(ByteBuffer input, ByteBuffer output) {
    try {
      state.set(JAVA_LONG, NEXT_IN, SharedLibrary.address(input));
      state.set(JAVA_INT, AVAIL_IN, input.remaining());
      state.set(JAVA_LONG, NEXT_OUT, SharedLibrary.address(output));
      state.set(JAVA_INT, AVAIL_OUT, output.remaining());
      return (int) functions.inflate.call(state.address());
    } finally {
      Reference.reachabilityFence(input);
      Reference.reachabilityFence(output);
    }
  }

  /// Moves the buffer's position to where the library left off; whether that is elsewhere.
  private boolean advance(ByteBuffer buffer, long availableField) throws IntegrityException {
    int left = state.get(JAVA_INT, availableField);
    if (left < 0 || left > buffer.remaining()) {
      throw new IntegrityException(
          "inflate gzip: the library left %d of %d bytes".formatted(left, buffer.remaining()));
    }
    boolean moved = left < buffer.remaining();
    buffer.position(buffer.limit() - left);
    return moved;
  }

  private static String explain(int result) {
    return switch (result) {
      case -1 -> "malformed deflate data: invalid block";
      case -2 -> "malformed deflate data: invalid symbol";
      case -3 -> "malformed deflate data: distance too far back";
      case -6 -> "checksum or length of a member is not what its trailer says";
      default -> "malformed deflate data: isal_inflate says " + result;
    };
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
