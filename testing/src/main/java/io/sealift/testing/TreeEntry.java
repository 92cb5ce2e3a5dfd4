package io.sealift.testing;

import io.sealift.snapshot.FileStat;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// One name of a finished tree, as {@link TreeSinkContract} compares it. A whiteout is the
/// character device 0:0.
///
/// @param stat equal inode numbers are hard links of each other
/// @param data content of a regular file, text of a symlink, else nothing
/// @param xattrs extended attributes as Latin-1 text, without those that overlayfs has for itself
/// @param opaque whether the directory hides what lower layers have in it
@SuppressWarnings("ArrayRecordComponent")
public record TreeEntry(
    FileStat stat, byte[] data, SortedMap<String, String> xattrs, boolean opaque) {

  public TreeEntry {
    xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }
}
