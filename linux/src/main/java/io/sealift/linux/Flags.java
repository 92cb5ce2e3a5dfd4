package io.sealift.linux;

/// Flags and file types of the kernel's file calls (`asm/fcntl.h`, `linux/stat.h`,
/// `linux/openat2.h`).
final class Flags {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECTORY = Architecture.CURRENT.choose(0x10000, 0x4000);
  static final int O_NOFOLLOW = Architecture.CURRENT.choose(0x20000, 0x8000);
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;

  /// A directory itself, to read its names and to work relative to it.
  static final int OPEN_DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_NO_SYMLINKS = 0x04;
  static final int RESOLVE_BENEATH = 0x08;
  static final int RESOLVE_IN_ROOT = 0x10;

  /// `whence` of `lseek`: the next offset that has data, or the next hole (`linux/fs.h`).
  static final int SEEK_DATA = 3;

  static final int SEEK_HOLE = 4;

  static final int S_IFMT = 0xf000;
  static final int S_IFIFO = 0x1000;
  static final int S_IFCHR = 0x2000;
  static final int S_IFDIR = 0x4000;
  static final int S_IFBLK = 0x6000;
  static final int S_IFREG = 0x8000;
  static final int S_IFLNK = 0xa000;
  static final int S_IFSOCK = 0xc000;

  /// The bits of a mode that are not the type.
  static final int PERMISSIONS = 07777;

  static final int S_ISGID = 02000;

  private Flags() {}

  /// A device number as `mknod` takes it: 12 bits of major and 20 of minor, interleaved
  /// (`linux/kdev_t.h`, `new_encode_dev`).
  static long device(int major, int minor) {
    return (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
  }
}
