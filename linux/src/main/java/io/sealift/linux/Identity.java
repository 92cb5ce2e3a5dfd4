package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// As whom this process makes files.
///
/// @param umask permission bits that the kernel takes from new files; all of them when unknown
record Identity(long uid, long gid, int umask) {

  private static final int STATUS_BYTES_MAX = 4096;
  private static final String UMASK = "\nUmask:\t";

  boolean isRoot() {
    return uid == 0;
  }

  static Identity of(Kernel kernel) {
    return new Identity(
        kernel.call(Syscall.GETEUID, 0) & 0xffff_ffffL,
        kernel.call(Syscall.GETEGID, 0) & 0xffff_ffffL,
        readUmask(kernel));
  }

  /// Reads the umask (proc(5), since Linux 4.7), for which there is no call that leaves it as it
  /// is.
  private static int readUmask(Kernel kernel) {
    long name = kernel.name("/proc/self/status".getBytes(StandardCharsets.US_ASCII));
    int flags = Flags.O_RDONLY | Flags.O_CLOEXEC;
    long status = kernel.call(Syscall.OPENAT, Flags.AT_FDCWD, name, flags);
    if (status < 0) {
      return 0777;
    }
    MemorySegment bytes = kernel.allocate(STATUS_BYTES_MAX);
    long length = kernel.call(Syscall.PREAD64, status, bytes.address(), STATUS_BYTES_MAX, 0);
    kernel.closeDescriptor((int) status);
    byte[] text = bytes.asSlice(0, Math.max(length, 0)).toArray(JAVA_BYTE);
    return parseUmask(new String(text, StandardCharsets.ISO_8859_1));
  }

  static int parseUmask(String status) {
    int at = status.indexOf(UMASK);
    if (at < 0) {
      return 0777;
    }
    int umask = 0;
    for (int i = at + UMASK.length(); i < status.length(); i++) {
      int digit = Character.digit(status.charAt(i), 8);
      if (digit < 0) {
        break;
      }
      umask = umask * 8 + digit;
    }
    return umask & 0777;
  }
}
