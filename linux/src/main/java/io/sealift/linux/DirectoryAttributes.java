package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import java.util.ArrayList;
import java.util.List;

/// What a directory is apart from its entries, to be given to another.
///
/// @param xattrs without the marks of layers
/// @param opaque whether it is marked as hiding what layers below have in it
/// @param marked whether it has any mark of layers; marks are never given
record DirectoryAttributes(
    int mode,
    long uid,
    long gid,
    FileTime mtime,
    List<Xattr> xattrs,
    boolean opaque,
    boolean marked) {

  static DirectoryAttributes of(Kernel kernel, Xattrs reader, int directory, Object subject)
      throws StoreException {
    List<Xattr> kept = new ArrayList<>();
    boolean opaque = false;
    boolean marked = false;
    for (Xattr xattr : reader.all(directory, subject)) {
      opaque |= OverlayMarks.isOpaque(xattr);
      marked |= OverlayMarks.isMark(xattr);
      if (!OverlayMarks.isMark(xattr)) {
        kept.add(xattr);
      }
    }
    Statx statx = new Statx(kernel);
    statx.of(directory, subject);
    return new DirectoryAttributes(
        statx.permissions(), statx.uid(), statx.gid(), statx.mtime(), kept, opaque, marked);
  }

  DirectoryAttributes withMode(int other) {
    return new DirectoryAttributes(other, uid, gid, mtime, xattrs, opaque, marked);
  }

  /// Gives them to an open directory. What an ordinary user may not give stays as it is: it was
  /// counted as a loss when the layer was written.
  void give(Kernel kernel, Xattrs writer, int directory, LayerPath subject) throws StoreException {
    long owned = kernel.call(Syscall.FCHOWN, directory, uid, gid);
    if (owned < 0 && owned != -Errno.EPERM && owned != -Errno.EINVAL) {
      throw Kernel.failure(Syscall.FCHOWN, subject, owned);
    }
    writer.clear(directory, subject);
    for (Xattr xattr : xattrs) {
      writer.set(directory, xattr, subject);
    }
    kernel.must(Syscall.FCHMOD, subject, directory, mode, 0, 0);
    new Times(kernel).set(directory, mtime, subject);
  }
}
