package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.failure.IntegrityException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// The machine's own Zstandard library (`zstd.h`, streaming API). It decodes frames; what may stand
/// between frames, and how much a frame may ask for, is its caller's business. Thread-safe; its
/// streams are not.
public final class Libzstd {

  private static final String FILE = "libzstd.so.1";

  /// Results above `(size_t) -120` are errors (`ZSTD_error_maxCode` of `zstd_errors.h`).
  private static final long MAX_ERROR = 120;

  private final int version;
  private final NativeFunction create;
  private final NativeFunction free;
  private final NativeFunction decompress;

  private Libzstd(SharedLibrary library) {
    this.version = (int) library.function("ZSTD_versionNumber").call();
    this.create = library.function("ZSTD_createDStream");
    this.free = library.function("ZSTD_freeDStream");
    this.decompress = library.function("ZSTD_decompressStream");
  }

  /// Looks for the library; costs a few milliseconds once.
  public static Loaded<Libzstd> load() {
    return SharedLibrary.load(
        FILE, "libzstd1", library -> new Loaded.Present<>(new Libzstd(library)));
  }

  /// `libzstd 1.5.4`.
  public String name() {
    return "libzstd " + version / 10_000 + "." + version / 100 % 100 + "." + version % 100;
  }

  /// A decoder at the start of a frame; the caller closes it.
  public Frames open() {
    return new Frames();
  }

  /// A `ZSTD_DStream` with its `ZSTD_outBuffer` and `ZSTD_inBuffer`, freed on close. Used by one
  /// thread at a time.
  public final class Frames implements AutoCloseable {

    /// Both structures are pointer, size, position.
    private static final long STRUCT_BYTES = 3 * Long.BYTES;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment output = arena.allocate(STRUCT_BYTES, Long.BYTES);
    private final MemorySegment input = arena.allocate(STRUCT_BYTES, Long.BYTES);

    /// Address of the `ZSTD_DStream`; 0 once it was freed.
    private long stream;

    private Frames() {
      stream = create.call();
      if (stream == 0) {
        arena.close();
        throw new OutOfMemoryError("ZSTD_createDStream");
      }
    }

    /// Decodes until the input is used up, the output is full or the frame ends. Takes nothing
    /// beyond the frame. Buffers are direct.
    ///
    /// @return whether the frame ended; all its output was given and its checksum, if any, was
    ///   right
    /// @throws IntegrityException when the frame is malformed, or its checksum or size is of other
    ///   data
    public boolean decode(ByteBuffer source, ByteBuffer target) throws IntegrityException {
      if (stream == 0 || target.isReadOnly()) {
        throw new IllegalStateException("decode with a closed decoder or into a read-only buffer");
      }
      long result = call(source, target);
      if (result < 0 && result > -MAX_ERROR) {
        throw new IntegrityException("inflate zstd: malformed frame: " + explain(-result));
      }
      advance(source, input);
      advance(target, output);
      return result == 0;
    }

    private long call(ByteBuffer source, ByteBuffer target) {
      try {
        set(input, source);
        set(output, target);
        return decompress.call(stream, output.address(), input.address());
      } finally {
        Reference.reachabilityFence(source);
        Reference.reachabilityFence(target);
      }
    }

    private static void set(MemorySegment struct, ByteBuffer buffer) {
      struct.set(JAVA_LONG, 0, SharedLibrary.address(buffer));
      struct.set(JAVA_LONG, Long.BYTES, buffer.remaining());
      struct.set(JAVA_LONG, 2 * Long.BYTES, 0);
    }

    private static void advance(ByteBuffer buffer, MemorySegment struct) {
      long moved = struct.get(JAVA_LONG, 2 * Long.BYTES);
      buffer.position(Math.addExact(buffer.position(), Math.toIntExact(moved)));
    }

    /// The codes of `zstd_errors.h` that content can bring about.
    private static String explain(long code) {
      return switch ((int) code) {
        case 14 -> "unsupported parameter";
        case 16 -> "window too large";
        case 20 -> "corruption detected";
        case 22 -> "wrong checksum";
        case 30, 32 -> "wrong dictionary";
        default -> "error " + code + " of zstd_errors.h";
      };
    }

    @Override
    public void close() {
      if (stream == 0) {
        return;
      }
      long freed = stream;
      stream = 0;
      arena.close();
      free.call(freed);
    }
  }
}
