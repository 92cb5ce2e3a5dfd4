package io.sealift.tar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A member of an archive as its headers describe it, extensions included. Arrays are owned by it
/// and not to be changed.
///
/// @param name bytes as written, at least one, none of them NUL
/// @param linkName target of a link, likewise; empty for anything else
/// @param mode the low twelve bits
/// @param uid numeric owner as written, not negative
/// @param gid numeric group, likewise
/// @param mtimeSeconds modification time, seconds since 1970, may be negative
/// @param mtimeNanos nanoseconds to add, 0 to 999 999 999
/// @param size bytes of a regular file, holes included; else 0
/// @param major number of a device's driver, not negative; else 0
/// @param minor number of the device, likewise
/// @param xattrs extended attributes in the order of the archive, each name once
/// @param sparse where the content lies in a sparse file; null when it is all there
@SuppressWarnings("ArrayRecordComponent")
public record TarEntry(
    Kind kind,
    byte[] name,
    byte[] linkName,
    int mode,
    long uid,
    long gid,
    long mtimeSeconds,
    int mtimeNanos,
    long size,
    long major,
    long minor,
    List<Xattr> xattrs,
    @Nullable SparseMap sparse) {

  public enum Kind {
    FILE,
    HARD_LINK,
    SYMLINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    DIRECTORY,
    FIFO
  }

  /// An extended attribute.
  public record Xattr(byte[] name, byte[] value) {}
}
