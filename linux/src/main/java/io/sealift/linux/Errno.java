package io.sealift.linux;

/// Error numbers of the kernel (`asm-generic/errno.h`; the same on all processors known here) and
/// their names.
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int E2BIG = 7;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENOTBLK = 15;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENODEV = 19;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOTTY = 25;
  static final int EFBIG = 27;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int EMLINK = 31;
  static final int ERANGE = 34;
  static final int ENAMETOOLONG = 36;
  static final int ENOSYS = 38;
  static final int ENOTEMPTY = 39;
  static final int ELOOP = 40;
  static final int ENODATA = 61;
  static final int EOVERFLOW = 75;
  static final int EOPNOTSUPP = 95;
  static final int ESTALE = 116;
  static final int EDQUOT = 122;

  private Errno() {}

  /// What a user can do about a failure, after `; `; empty when that depends on what failed.
  static String remedy(int errno) {
    return switch (errno) {
      case ENOSPC ->
          "; make room, of blocks and of inodes, for example with 'sealift gc', or use another file system";
      case EDQUOT ->
          "; make room within the quota, for example with 'sealift gc', or use another file system";
      case EROFS -> "; use a file system that can be written to";
      case EMFILE -> "; raise the limit of this process's open files (ulimit -n)";
      default -> "";
    };
  }

  /// The name and what it means, as `ENOSPC (no space left on device)`.
  static String describe(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (operation not permitted)";
      case ENOENT -> "ENOENT (no such file or directory)";
      case EINTR -> "EINTR (interrupted)";
      case EIO -> "EIO (input/output error)";
      case ENXIO -> "ENXIO (no such device or address)";
      case E2BIG -> "E2BIG (too long)";
      case EBADF -> "EBADF (bad descriptor)";
      case EAGAIN -> "EAGAIN (try again)";
      case ENOMEM -> "ENOMEM (no memory)";
      case EACCES -> "EACCES (permission denied)";
      case ENOTBLK -> "ENOTBLK (block device required)";
      case EBUSY -> "EBUSY (in use)";
      case EEXIST -> "EEXIST (exists already)";
      case EXDEV -> "EXDEV (another file system)";
      case ENODEV -> "ENODEV (no such device or file system type)";
      case ENOTDIR -> "ENOTDIR (not a directory)";
      case EISDIR -> "EISDIR (is a directory)";
      case EINVAL -> "EINVAL (invalid argument)";
      case ENFILE -> "ENFILE (too many open files in the system)";
      case EMFILE -> "EMFILE (too many open files)";
      case ENOTTY -> "ENOTTY (no such control operation)";
      case EFBIG -> "EFBIG (file too large)";
      case ENOSPC -> "ENOSPC (no space left on device)";
      case EROFS -> "EROFS (read-only file system)";
      case EMLINK -> "EMLINK (too many links)";
      case ERANGE -> "ERANGE (out of range)";
      case ENAMETOOLONG -> "ENAMETOOLONG (name too long)";
      case ENOSYS -> "ENOSYS (not known to this kernel)";
      case ENOTEMPTY -> "ENOTEMPTY (directory not empty)";
      case ELOOP -> "ELOOP (symlinks in the way)";
      case ENODATA -> "ENODATA (no such attribute)";
      case EOVERFLOW -> "EOVERFLOW (value too large)";
      case EOPNOTSUPP -> "EOPNOTSUPP (not supported by the file system)";
      case ESTALE -> "ESTALE (file handle is stale)";
      case EDQUOT -> "EDQUOT (quota used up)";
      default -> "errno " + errno;
    };
  }
}
