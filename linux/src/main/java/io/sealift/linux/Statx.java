package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sealift.failure.StoreException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes.FileTime;
import java.lang.foreign.MemorySegment;

/// What `statx(2)` said last, read from the structure that its {@link Kernel} shares among calls
/// (`struct statx` of `linux/stat.h`, the same on all processors): read it before the next call.
final class Statx {

  /// Type, mode, links, owner, times, inode, size and blocks.
  private static final int STATX_BASIC_STATS = 0x7ff;

  private static final int STATX_BTIME = 0x800;

  private static final long LINKS_AT = 16;
  private static final long UID_AT = 20;
  private static final long GID_AT = 24;
  private static final long MODE_AT = 28;
  private static final long INODE_AT = 32;
  private static final long SIZE_AT = 40;
  private static final long BLOCKS_AT = 48;
  private static final long BTIME_SECONDS_AT = 80;
  private static final long BTIME_NANOS_AT = 88;
  private static final long MTIME_SECONDS_AT = 112;
  private static final long MTIME_NANOS_AT = 120;
  private static final long RDEV_MAJOR_AT = 128;
  private static final long RDEV_MINOR_AT = 132;
  private static final long DEV_MAJOR_AT = 136;
  private static final long DEV_MINOR_AT = 140;

  private final Kernel kernel;
  private final MemorySegment struct;

  Statx(Kernel kernel) {
    this.kernel = kernel;
    this.struct = kernel.struct();
  }

  /// Asks about a name in a directory, a symlink not followed.
  ///
  /// @param name address of the name
  /// @return 0, or the negated {@link Errno}
  long of(int directory, long name) {
    return ask(directory, name, Flags.AT_SYMLINK_NOFOLLOW);
  }

  /// The same about a name that is there.
  ///
  /// @param subject what it is, for people
  void of(int directory, long name, Object subject) throws StoreException {
    long result = of(directory, name);
    if (result < 0) {
      throw Kernel.failure(Syscall.STATX, subject, result);
    }
  }

  void of(int descriptor, Object subject) throws StoreException {
    long result = ask(descriptor, kernel.name(new byte[0]), Flags.AT_EMPTY_PATH);
    if (result < 0) {
      throw Kernel.failure(Syscall.STATX, subject, result);
    }
  }

  private long ask(int directory, long name, int flags) {
    return kernel.call(
        Syscall.STATX,
        directory,
        name,
        flags,
        STATX_BASIC_STATS | STATX_BTIME,
        kernel.structAddress());
  }

  /// The type, as {@link Flags#S_IFREG} and its like.
  int type() {
    return struct.get(JAVA_SHORT, MODE_AT) & Flags.S_IFMT;
  }

  int permissions() {
    return struct.get(JAVA_SHORT, MODE_AT) & Flags.PERMISSIONS;
  }

  long uid() {
    return struct.get(JAVA_INT, UID_AT) & 0xffff_ffffL;
  }

  long gid() {
    return struct.get(JAVA_INT, GID_AT) & 0xffff_ffffL;
  }

  long size() {
    return struct.get(JAVA_LONG, SIZE_AT);
  }

  /// Bytes allocated.
  long allocated() {
    return struct.get(JAVA_LONG, BLOCKS_AT) * 512;
  }

  int links() {
    return struct.get(JAVA_INT, LINKS_AT);
  }

  Inode inode() {
    return new Inode(
        struct.get(JAVA_INT, DEV_MAJOR_AT),
        struct.get(JAVA_INT, DEV_MINOR_AT),
        struct.get(JAVA_LONG, INODE_AT));
  }

  FileTime mtime() {
    return new FileTime(
        struct.get(JAVA_LONG, MTIME_SECONDS_AT), struct.get(JAVA_INT, MTIME_NANOS_AT));
  }

  /// When the inode was made; zeros where the file system does not know.
  FileTime birth() {
    boolean known = (struct.get(JAVA_INT, 0) & STATX_BTIME) != 0;
    return known
        ? new FileTime(
            struct.get(JAVA_LONG, BTIME_SECONDS_AT), struct.get(JAVA_INT, BTIME_NANOS_AT))
        : new FileTime(0, 0);
  }

  int major() {
    return struct.get(JAVA_INT, RDEV_MAJOR_AT);
  }

  int minor() {
    return struct.get(JAVA_INT, RDEV_MINOR_AT);
  }

  /// Whether it hides a name of the layers below, see {@link OverlayMarks}.
  boolean isWhiteout() {
    return type() == Flags.S_IFSOCK || (type() == Flags.S_IFCHR && major() == 0 && minor() == 0);
  }

  FileStat toFileStat() {
    return new FileStat(
        fileType(),
        permissions(),
        uid(),
        gid(),
        size(),
        mtime(),
        links(),
        struct.get(JAVA_LONG, INODE_AT),
        major(),
        minor());
  }

  private FileStat.Type fileType() {
    return switch (type()) {
      case Flags.S_IFREG -> FileStat.Type.REGULAR;
      case Flags.S_IFDIR -> FileStat.Type.DIRECTORY;
      case Flags.S_IFLNK -> FileStat.Type.SYMLINK;
      case Flags.S_IFCHR -> FileStat.Type.CHARACTER_DEVICE;
      case Flags.S_IFBLK -> FileStat.Type.BLOCK_DEVICE;
      case Flags.S_IFIFO -> FileStat.Type.FIFO;
      default -> FileStat.Type.SOCKET;
    };
  }

  /// An inode of this machine.
  record Inode(int major, int minor, long number) {}
}
