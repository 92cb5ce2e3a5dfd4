package io.sealift.linux;

import io.sealift.unpack.Attributes.FileTime;

/// A directory of a tree that is being written, open: made and closed by {@link OpenDirectories}.
final class Directory {
  final TreePath path;
  final int descriptor;

  long uid;
  long gid;

  /// The low twelve bits.
  int mode;

  /// What its time is to be, whatever is written into it.
  FileTime mtime;

  /// Whether its time has to be set again.
  boolean changed;

  /// Whether it was made just now and has no attributes of its own yet.
  boolean fresh;

  /// Whether it was made in the place of something else.
  boolean replaces;

  /// Whether it must stay open.
  boolean held;

  /// @param statx what the kernel said about it just now
  Directory(TreePath path, int descriptor, Statx statx) {
    this.path = path;
    this.descriptor = descriptor;
    this.uid = statx.uid();
    this.gid = statx.gid();
    this.mode = statx.permissions();
    this.mtime = statx.mtime();
  }
}
