package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes.Xattr;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Marks what a layer deletes, as overlayfs reads it (overlayfs.rst, "whiteouts and opaque
/// directories"): a character device 0:0 hides a name, an extended attribute of a directory hides
/// what is in it below. The attribute is `trusted.overlay.opaque` where this process may set it,
/// else `user.overlay.opaque`, which overlayfs reads when it is mounted with `userxattr`.
///
/// Overlayfs itself, when the store lies on it, and kernels before 5.8, for ordinary users, refuse
/// such devices. There a socket is made instead: no archive can hold one, and nothing that refuses
/// the device can be a layer of an overlay mount.
///
/// A further attribute, `overlay.origin` without a value, is set on directories with whiteouts:
/// where no other layer has the directory, overlayfs would list the whiteouts, though nothing is to
/// be found under their names. The attribute makes it look for them (`ovl_get_inode` of
/// `fs/overlayfs/inode.c`).
final class OverlayMarks {

  private static final String TRUSTED_OPAQUE = "trusted.overlay.opaque";
  private static final String USER_OPAQUE = "user.overlay.opaque";
  private static final String TRUSTED_ORIGIN = "trusted.overlay.origin";
  private static final String USER_ORIGIN = "user.overlay.origin";

  /// All attributes that are set here.
  private static final Set<String> NAMES =
      Set.of(TRUSTED_OPAQUE, USER_OPAQUE, TRUSTED_ORIGIN, USER_ORIGIN);

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
    long made = kernel.call(Syscall.MKNODAT, parent, kernel.name(name), Flags.S_IFCHR, 0);
    if (made == -Errno.EPERM) {
      return kernel.call(Syscall.MKNODAT, parent, kernel.name(name), Flags.S_IFSOCK, 0);
    }
    // Without extended attributes the whiteout hides all the same.
    if (made >= 0 && xattrs.setOwn(parent, TRUSTED_ORIGIN, "") == -Errno.EPERM) {
      xattrs.setOwn(parent, USER_ORIGIN, "");
    }
    return made;
  }

  /// Whether an attribute is a mark, which has no meaning outside of a layer.
  static boolean isMark(Xattr xattr) {
    return NAMES.contains(new String(xattr.name(), StandardCharsets.ISO_8859_1));
  }

  /// Takes all marks away from a directory.
  void clear(int directory) {
    for (String name : NAMES) {
      kernel.call(
          Syscall.FREMOVEXATTR, directory, kernel.name(name.getBytes(StandardCharsets.ISO_8859_1)));
    }
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
