package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes.Xattr;
import java.nio.charset.StandardCharsets;

/// Marks what a layer deletes, as overlayfs reads it (overlayfs.rst, "whiteouts and opaque
/// directories"): a character device 0:0 hides a name, an extended attribute of a directory hides
/// what is in it below. The attribute is `trusted.overlay.opaque` where this process may set it,
/// else `user.overlay.opaque`, which overlayfs reads when it is mounted with `userxattr`.
final class OverlayMarks {

  static final String TRUSTED_OPAQUE = "trusted.overlay.opaque";
  static final String USER_OPAQUE = "user.overlay.opaque";

  private final Kernel kernel;
  private final Xattrs xattrs;

  OverlayMarks(Kernel kernel, Xattrs xattrs) {
    this.kernel = kernel;
    this.xattrs = xattrs;
  }

  /// Hides a name of the layers below.
  ///
  /// @return 0, or the negated {@link Errno}: `EEXIST` when this layer has the name
  long whiteout(int parent, byte[] name) {
    return kernel.call(Syscall.MKNODAT, parent, kernel.name(name), Flags.S_IFCHR, 0);
  }

  /// Whether an attribute is one that {@link #opaque} sets.
  static boolean isOpaque(Xattr xattr) {
    String name = new String(xattr.name(), StandardCharsets.ISO_8859_1);
    return (name.equals(TRUSTED_OPAQUE) || name.equals(USER_OPAQUE))
        && xattr.value().length == 1
        && xattr.value()[0] == 'y';
  }

  void opaque(int directory, Object subject) throws StoreException {
    long result = xattrs.setOwn(directory, TRUSTED_OPAQUE, "y");
    if (result == -Errno.EPERM) {
      result = xattrs.setOwn(directory, USER_OPAQUE, "y");
    }
    if (result < 0) {
      throw new StoreException(
          "mark directory "
              + subject
              + " as opaque: fsetxattr: "
              + Errno.describe((int) -result)
              + "; keep the store on a file system with extended attributes");
    }
  }
}
