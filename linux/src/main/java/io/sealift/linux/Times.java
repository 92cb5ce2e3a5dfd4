package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes.FileTime;
import java.lang.foreign.MemorySegment;

/// Sets access and modification times, both the same. A file system that cannot hold a time keeps
/// the nearest that it can.
final class Times {
  private final Kernel kernel;
  private final MemorySegment struct;

  Times(Kernel kernel) {
    this.kernel = kernel;
    this.struct = kernel.struct();
  }

  void set(int descriptor, FileTime time, Object subject) throws StoreException {
    set(descriptor, 0, time, 0, subject);
  }

  /// Of a name in a directory, a symlink not followed.
  ///
  /// @param name address of the name
  void setAt(int directory, long name, FileTime time, Object subject) throws StoreException {
    set(directory, name, time, Flags.AT_SYMLINK_NOFOLLOW, subject);
  }

  private void set(int descriptor, long name, FileTime time, int flags, Object subject)
      throws StoreException {
    for (int at = 0; at < 32; at += 16) {
      struct.set(JAVA_LONG, at, time.seconds());
      struct.set(JAVA_LONG, at + 8, time.nanos());
    }
    kernel.must(Syscall.UTIMENSAT, subject, descriptor, name, kernel.structAddress(), flags);
  }
}
