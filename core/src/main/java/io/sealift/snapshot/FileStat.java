package io.sealift.snapshot;

import io.sealift.unpack.Attributes.FileTime;

/// What a file system says about one of its entries.
///
/// @param permissions the low twelve bits of the mode
/// @param size bytes of a regular file or of a symlink's text
/// @param links names that the inode has
/// @param inode number of the inode: names with the same one are hard links of each other
/// @param major number of a device's driver, else 0
/// @param minor number of the device, else 0
public record FileStat(
    Type type,
    int permissions,
    long uid,
    long gid,
    long size,
    FileTime mtime,
    long links,
    long inode,
    int major,
    int minor) {

  public enum Type {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO,
    SOCKET
  }

  /// Whether it hides a name of the layers below: a character device 0:0, as overlayfs reads it,
  /// or, where those may not be made, a socket, which no archive can hold.
  public boolean isWhiteout() {
    return type == Type.SOCKET || (type == Type.CHARACTER_DEVICE && major == 0 && minor == 0);
  }
}
