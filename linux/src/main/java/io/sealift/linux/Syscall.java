package io.sealift.linux;

/// The table of system calls that this module makes, with their numbers: `asm/unistd_64.h` (x86-64)
/// and `asm-generic/unistd.h` (aarch64). All of them have one shape, six register-wide arguments,
/// so one native handle serves them all; {@link Kernel#call} makes them.
enum Syscall {
  // Opening and reading
  OPENAT(257, 56),
  OPENAT2(437, 437),
  CLOSE(3, 57),
  READ(0, 63),
  PREAD64(17, 67),
  LSEEK(8, 62),
  GETDENTS64(217, 61),
  READLINKAT(267, 78),
  STATX(332, 291),

  // Writing
  PWRITE64(18, 68),
  FTRUNCATE(77, 46),
  COPY_FILE_RANGE(326, 285),
  IOCTL(16, 29),
  FSYNC(74, 82),
  SYNCFS(306, 267),

  // Making, linking and removing names
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  SYMLINKAT(266, 36),
  LINKAT(265, 37),
  UNLINKAT(263, 35),
  RENAMEAT2(316, 276),

  // Attributes
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  FCHMOD(91, 52),
  FCHMODAT(268, 53),
  UTIMENSAT(280, 88),
  LSETXATTR(189, 6),
  FSETXATTR(190, 7),
  LGETXATTR(192, 9),
  FGETXATTR(193, 10),
  LLISTXATTR(195, 12),
  FLISTXATTR(196, 13),
  FREMOVEXATTR(199, 16),

  // Mounts
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  OPEN_TREE(428, 428),
  MOVE_MOUNT(429, 429),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  MOUNT_SETATTR(442, 442),
  FSTATFS(138, 44),
  UNSHARE(272, 97),

  // Telling a service manager
  SOCKET(41, 198),
  SENDTO(44, 206),

  // This process
  GETEUID(107, 175),
  GETEGID(108, 177);

  final long number;

  Syscall(int x86, int aarch) {
    this.number = Architecture.CURRENT.choose(x86, aarch);
  }

  /// The call's name as `man 2` has it.
  String callName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
