package io.sealift.browse;

import io.sealift.unpack.Attributes.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an image has at one path. The arrays are owned by it and not to be changed.
///
/// @param path from the root of the image, without a leading `/`; empty for the root
/// @param mode the low twelve bits of the mode
/// @param size bytes of a regular file or of a symlink's text, else 0
/// @param links names that share the entry; 1 for a directory
/// @param target text of a symlink, else null
/// @param xattrs names of the extended attributes, in the order of the archive
/// @param major number of a device's driver, else 0
/// @param minor number of the device, else 0
@SuppressWarnings("ArrayRecordComponent")
public record Entry(
    byte[] path,
    Type type,
    int mode,
    long uid,
    long gid,
    long size,
    FileTime mtime,
    int links,
    byte @Nullable [] target,
    List<byte[]> xattrs,
    int major,
    int minor) {

  public Entry {
    xattrs = List.copyOf(xattrs);
  }

  public enum Type {
    REGULAR('-'),
    DIRECTORY('d'),
    SYMLINK('l'),
    CHARACTER_DEVICE('c'),
    BLOCK_DEVICE('b'),
    FIFO('p');

    private final char letter;

    Type(char letter) {
      this.letter = letter;
    }

    /// What `ls -l` begins a line with.
    public char letter() {
      return letter;
    }
  }
}
