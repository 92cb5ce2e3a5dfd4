package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.failure.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A directory held open by its descriptor, below which everything is reached relative to it: from
/// {@link #open} until {@link #close}.
final class RootDir implements AutoCloseable {

  private static final long HOW_FLAGS_AT = 0;
  private static final long HOW_MODE_AT = 8;
  private static final long HOW_RESOLVE_AT = 16;
  private static final long HOW_BYTES = 24;

  /// How often a path is tried again because something in the system was renamed while its `..` was
  /// resolved (openat2(2), `EAGAIN`).
  private static final int RENAME_RACES_MAX = 1000;

  /// How the JDK turns the bytes of a path of this machine into text.
  private static final Charset PATH_CHARSET =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private final Kernel kernel;
  private final Path path;
  private final int descriptor;
  private boolean openat2;

  private RootDir(Kernel kernel, Path path, int descriptor, boolean openat2) {
    this.kernel = kernel;
    this.path = path;
    this.descriptor = descriptor;
    this.openat2 = openat2;
  }

  /// Opens a directory of this machine; symlinks on the way to it are followed.
  ///
  /// @param kernel stays the caller's
  static RootDir open(Kernel kernel, Path directory) throws StoreException {
    return open(kernel, directory, true);
  }

  /// @param openat2 whether to use `openat2(2)`, which came with Linux 5.6 and which old seccomp
  ///   profiles refuse
  static RootDir open(Kernel kernel, Path directory, boolean openat2) throws StoreException {
    RootDir opened = openIfThere(kernel, directory);
    if (opened == null) {
      throw Kernel.failure(Syscall.OPENAT, directory, -Errno.ENOENT);
    }
    opened.openat2 = openat2;
    return opened;
  }

  /// The same, but null when the directory, or one on the way to it, is not there.
  static @Nullable RootDir openIfThere(Kernel kernel, Path directory) throws StoreException {
    int flags = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC;
    long name = kernel.name(bytesOf(directory));
    long opened = kernel.call(Syscall.OPENAT, Flags.AT_FDCWD, name, flags);
    if (opened == -Errno.ENOENT) {
      return null;
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT, directory, opened);
    }
    return new RootDir(kernel, directory, (int) opened, true);
  }

  static byte[] bytesOf(Path path) {
    return path.toString().getBytes(PATH_CHARSET);
  }

  int descriptor() {
    return descriptor;
  }

  Path path() {
    return path;
  }

  /// A path that leads here while this is open, whatever happens to its names.
  String procPath() {
    return procPath(descriptor);
  }

  static String procPath(int descriptor) {
    return "/proc/self/fd/" + descriptor;
  }

  /// Opens what is at a place below the root, if no symlink is on the way to it or at its end.
  ///
  /// @return a descriptor, or the negated {@link Errno}: `ELOOP` or `ENOTDIR` at a symlink
  int openBeneath(TreePath place, int flags) {
    if (place.isRoot()) {
      return openOne(descriptor, new byte[] {'.'}, flags);
    }
    byte[] bytes = place.bytes();
    int from = descriptor;
    int start = 0;
    while (true) {
      int end = endOfStep(bytes, start);
      boolean last = end == bytes.length;
      byte[] step = Arrays.copyOfRange(bytes, start, end);
      int opened = openOne(from, step, last ? flags : Flags.O_PATH | Flags.OPEN_DIRECTORY);
      if (from != descriptor) {
        kernel.closeDescriptor(from);
      }
      if (last || opened < 0) {
        return opened;
      }
      from = opened;
      start = end + 1;
    }
  }

  /// Where the next part of a path ends that can be opened by one call: as much as a path may be
  /// long, or one name where the call cannot be told to follow no symlink.
  private int endOfStep(byte[] bytes, int start) {
    int end = openat2 ? Math.min(bytes.length, start + Kernel.PATH_MAX - 1) : start + 1;
    if (openat2) {
      while (end < bytes.length && bytes[end] != '/') {
        end--;
      }
    } else {
      while (end < bytes.length && bytes[end] != '/') {
        end++;
      }
    }
    return end;
  }

  private int openOne(int from, byte[] step, int flags) {
    if (openat2) {
      int resolve = Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS;
      int opened = openat2(from, step, flags, resolve);
      if (opened != -Errno.ENOSYS) {
        return opened;
      }
      openat2 = false;
      return openBeneathStepwise(from, step, flags);
    }
    return (int) kernel.call(Syscall.OPENAT, from, kernel.name(step), flags | Flags.O_NOFOLLOW);
  }

  private int openBeneathStepwise(int from, byte[] steps, int flags) {
    RootDir here = new RootDir(kernel, path, from, false);
    return here.openBeneath(new TreePath(steps), flags);
  }

  /// Opens what a path leads to when its symlinks are followed as if the root were `/`. In a path
  /// that is longer than one call takes ({@link Kernel#PATH_MAX} - 1 bytes) none are followed.
  ///
  /// @param flags with `O_NOFOLLOW`, a symlink at the end is not followed
  /// @return a descriptor, or the negated {@link Errno}
  /// @throws StoreException when the kernel has no `openat2`
  int openInRoot(byte[] bytes, int flags) throws StoreException {
    if (bytes.length >= Kernel.PATH_MAX) {
      return openBeneath(new TreePath(bytes), flags);
    }
    byte[] name = bytes.length == 0 ? new byte[] {'.'} : bytes;
    int resolve = Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS;
    int opened = openat2 ? openat2(descriptor, name, flags, resolve) : -Errno.ENOSYS;
    if (opened == -Errno.ENOSYS) {
      throw new StoreException(
          "open files below "
              + path
              + ": expected openat2, found a kernel before 5.6 or a filter"
              + " that refuses it");
    }
    return opened;
  }

  private int openat2(int from, byte[] name, int flags, int resolve) {
    MemorySegment how = kernel.struct();
    how.set(JAVA_LONG, HOW_FLAGS_AT, flags);
    how.set(JAVA_LONG, HOW_MODE_AT, 0);
    how.set(JAVA_LONG, HOW_RESOLVE_AT, resolve);
    long address = kernel.name(name);
    long opened;
    int attempt = 0;
    do {
      opened = kernel.call(Syscall.OPENAT2, from, address, kernel.structAddress(), HOW_BYTES);
    } while (opened == -Errno.EAGAIN && ++attempt < RENAME_RACES_MAX);
    return (int) opened;
  }

  @Override
  public void close() {
    kernel.closeDescriptor(descriptor);
  }
}
