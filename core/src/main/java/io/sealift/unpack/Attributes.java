package io.sealift.unpack;

import java.util.List;

/// What a tar says about an entry besides its content.
///
/// @param mode permission bits with set-user-id, set-group-id and sticky: the low twelve bits
/// @param uid numeric owner, 0 to 2³²-2
/// @param gid numeric group, likewise
/// @param mtime modification time; the access time is set to the same
/// @param xattrs extended attributes to set, in the order of the archive, already filtered by
///   {@link Unpacker}
public record Attributes(int mode, long uid, long gid, FileTime mtime, List<Xattr> xattrs) {

  public Attributes {
    xattrs = List.copyOf(xattrs);
  }

  public Attributes withMode(int other) {
    return new Attributes(other, uid, gid, mtime, xattrs);
  }

  /// Seconds since 1970, may be negative, and nanoseconds from 0 to 999 999 999 that are added to
  /// them.
  public record FileTime(long seconds, int nanos) {}

  /// An extended attribute; the arrays are owned by it and not to be changed.
  @SuppressWarnings("ArrayRecordComponent")
  public record Xattr(byte[] name, byte[] value) {}
}
