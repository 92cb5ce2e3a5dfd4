package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.failure.DeniedException;
import io.sealift.failure.StoreException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// A door to the kernel with the native memory that calls need for names and structures: from
/// {@link #open} until {@link #close}. For one thread at a time.
///
/// All calls go through `syscall(2)`, whose six arguments are passed as 64-bit integers; addresses
/// are those of native memory. A handle costs milliseconds in a cold JVM, so there is only this
/// one. Results follow the kernel's own convention: a negative value is the negated {@link Errno}.
final class Kernel implements AutoCloseable {

  /// Bytes of the longest path the kernel takes, its NUL included (`PATH_MAX`).
  static final int PATH_MAX = 4096;

  /// Bytes of a structure that is passed to or filled by a call; `struct statx` is the largest.
  static final int STRUCT_BYTES = 256;

  /// Bytes of the buffers that are lent out, for names that are read from a directory.
  static final int BUFFER_BYTES = 32 << 10;

  private static final MethodHandle SYSCALL = bind();

  private static final long ERRNO_AT = 0;
  private static final long STRUCT_AT = 64;
  private static final long NAME_AT = STRUCT_AT + STRUCT_BYTES;
  private static final long SECOND_NAME_AT = NAME_AT + PATH_MAX;
  private static final long MEMORY_BYTES = SECOND_NAME_AT + PATH_MAX;

  private final Arena arena;
  private final MemorySegment errno;
  private final MemorySegment struct;
  private final MemorySegment memory;
  private final long address;
  private final List<MemorySegment> buffers = new ArrayList<>();

  private Kernel(Arena arena) {
    this.arena = arena;
    this.memory = arena.allocate(MEMORY_BYTES, Long.BYTES);
    this.errno = memory.asSlice(ERRNO_AT, Linker.Option.captureStateLayout());
    this.struct = memory.asSlice(STRUCT_AT, STRUCT_BYTES);
    this.address = memory.address();
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  static Kernel open() {
    return new Kernel(Arena.ofShared());
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    ValueLayout word = JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.captureCallState("errno"));
  }

  long call(Syscall call, long a) {
    return call(call, a, 0, 0, 0, 0, 0);
  }

  long call(Syscall call, long a, long b) {
    return call(call, a, b, 0, 0, 0, 0);
  }

  long call(Syscall call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0, 0);
  }

  long call(Syscall call, long a, long b, long c, long d) {
    return call(call, a, b, c, d, 0, 0);
  }

  long call(Syscall call, long a, long b, long c, long d, long e) {
    return call(call, a, b, c, d, e, 0);
  }

  /// Makes the call, again when a signal interrupted it.
  ///
  /// @return what the kernel returned, or the negated {@link Errno}
  long call(Syscall call, long a, long b, long c, long d, long e, long f) {
    while (true) {
      long result = invoke(call.number, a, b, c, d, e, f);
      if (result != -1) {
        return result;
      }
      int number = errno.get(JAVA_INT, 0);
      // A descriptor is gone after close, whatever close says.
      if (number != Errno.EINTR || call == Syscall.CLOSE) {
        return -number;
      }
    }
  }

  private long invoke(long number, long a, long b, long c, long d, long e, long f) {
    try {
      return (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
    } catch (Throwable impossible) {
      throw new LinkageError("call the kernel: the handle failed", impossible);
    }
  }

  /// The same as {@link #call}, for results that cannot be coped with.
  ///
  /// @param subject what the call is about, for people
  long must(Syscall call, Object subject, long a, long b, long c, long d) throws StoreException {
    long result = call(call, a, b, c, d, 0, 0);
    if (result < 0) {
      throw failure(call, subject, result);
    }
    return result;
  }

  /// The failure of a call, as `openat usr/bin: EACCES (permission denied)`.
  ///
  /// @param result what the call returned: the negated error number
  static StoreException failure(Syscall call, Object subject, long result) {
    int errno = (int) -result;
    String message =
        call.callName() + " " + subject + ": " + Errno.describe(errno) + Errno.remedy(errno);
    return result == -Errno.EACCES ? new DeniedException(message) : new StoreException(message);
  }

  void closeDescriptor(int descriptor) {
    call(Syscall.CLOSE, descriptor);
  }

  /// Puts a name into native memory, where it stays until the next one comes.
  ///
  /// @param name at most {@link #PATH_MAX} - 1 bytes without NUL
  /// @return its address
  long name(byte[] name) {
    return put(name, NAME_AT);
  }

  /// The same for the second name of a call that takes two.
  long secondName(byte[] name) {
    return put(name, SECOND_NAME_AT);
  }

  private long put(byte[] name, long at) {
    if (name.length >= PATH_MAX) {
      throw new IllegalArgumentException("name of " + name.length + " bytes");
    }
    MemorySegment.copy(name, 0, memory, JAVA_BYTE, at, name.length);
    memory.set(JAVA_BYTE, at + name.length, (byte) 0);
    return address + at;
  }

  /// Memory for one structure, {@link #STRUCT_BYTES} long, aligned to 8; any later call may use it.
  MemorySegment struct() {
    return struct;
  }

  long structAddress() {
    return address + STRUCT_AT;
  }

  /// Further native memory that lives as long as this door.
  MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, Long.BYTES);
  }

  /// Lends a buffer of {@link #BUFFER_BYTES}, so that walking tree after tree takes no more memory
  /// than the deepest of them.
  MemorySegment takeBuffer() {
    return buffers.isEmpty() ? allocate(BUFFER_BYTES) : buffers.removeLast();
  }

  void giveBuffer(MemorySegment buffer) {
    buffers.add(buffer);
  }

  @Override
  public void close() {
    arena.close();
  }
}
