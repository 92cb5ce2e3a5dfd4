package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.nio.charset.StandardCharsets;

/// Gives new entries their attributes, in the order in which they do not undo each other: owner
/// (which clears set-user-id and capabilities), extended attributes, mode, times. Calls that would
/// change nothing are not made.
final class AttributeWriter {

  /// Bits beyond which a mode is not given when a file is made.
  private static final int PLAIN_BITS = 0777;

  private static final int OWNER_WRITE = 0600;

  private final Kernel kernel;
  private final Identity identity;
  private final Losses losses;
  private final Xattrs xattrs;
  private final Times times;
  private final Ledger ledger;

  AttributeWriter(
      Kernel kernel, Identity identity, Losses losses, Xattrs xattrs, Times times, Ledger ledger) {
    this.kernel = kernel;
    this.identity = identity;
    this.losses = losses;
    this.xattrs = xattrs;
    this.times = times;
    this.ledger = ledger;
  }

  /// The mode to make a file with: its own, if nothing has to be done to it that its owner may not.
  int fileMode(Attributes attributes) {
    int mode = attributes.mode() & PLAIN_BITS;
    return attributes.xattrs().isEmpty() ? mode : mode | OWNER_WRITE;
  }

  int directoryMode(Attributes attributes) {
    return WithheldMode.readableDirectory(attributes.mode() & PLAIN_BITS);
  }

  /// The attributes of a file, with a mode that lets this process in when the layer is copied.
  Attributes readable(Attributes given) {
    return identity.isRoot() ? given : given.withMode(WithheldMode.readableFile(given.mode()));
  }

  void file(int descriptor, Attributes attributes, Directory parent, LayerPath entry)
      throws StoreException {
    if (!hasOwner(attributes, parent)) {
      own(
          kernel.call(Syscall.FCHOWN, descriptor, attributes.uid(), attributes.gid()),
          Syscall.FCHOWN,
          entry);
    }
    for (Xattr xattr : attributes.xattrs()) {
      xattrs.set(descriptor, xattr, entry);
    }
    if (!hasMode(attributes)) {
      kernel.must(Syscall.FCHMOD, entry, descriptor, attributes.mode(), 0, 0);
    }
    times.set(descriptor, attributes.mtime(), entry);
  }

  /// Of a symlink, which has no mode.
  void symlink(Directory parent, byte[] name, Attributes attributes, LayerPath entry)
      throws StoreException {
    ownAt(parent, name, attributes, entry);
    for (Xattr xattr : attributes.xattrs()) {
      xattrs.setAt(parent.descriptor, name, xattr, entry);
    }
    times.setAt(parent.descriptor, kernel.name(name), attributes.mtime(), entry);
  }

  /// Of a device or a FIFO, which must not be opened.
  void node(Directory parent, byte[] name, Attributes attributes, LayerPath entry)
      throws StoreException {
    ownAt(parent, name, attributes, entry);
    for (Xattr xattr : attributes.xattrs()) {
      xattrs.setAt(parent.descriptor, name, xattr, entry);
    }
    if (!hasMode(attributes)) {
      int flags = Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC;
      long node =
          kernel.must(Syscall.OPENAT, entry, parent.descriptor, kernel.name(name), flags, 0);
      try {
        changeModeByPath(kernel, (int) node, attributes.mode(), entry);
      } finally {
        kernel.closeDescriptor((int) node);
      }
    }
    times.setAt(parent.descriptor, kernel.name(name), attributes.mtime(), entry);
  }

  /// Changes the mode of what was opened by `O_PATH`, which `fchmod` does not take.
  static void changeModeByPath(Kernel kernel, int descriptor, int mode, Object subject)
      throws StoreException {
    byte[] path = ("/proc/self/fd/" + descriptor).getBytes(StandardCharsets.US_ASCII);
    kernel.must(Syscall.FCHMODAT, subject, Flags.AT_FDCWD, kernel.name(path), mode, 0);
  }

  /// Of a directory, except for what has to wait: its time, which changes with its entries, what
  /// its entries would inherit, and a mode that would keep an ordinary user out of it.
  void directory(Directory directory, Attributes attributes, LayerPath entry)
      throws StoreException, UnsafeContentException {
    if (directory.uid != attributes.uid() || directory.gid != attributes.gid()) {
      long owned =
          kernel.call(Syscall.FCHOWN, directory.descriptor, attributes.uid(), attributes.gid());
      if (own(owned, Syscall.FCHOWN, entry)) {
        directory.uid = attributes.uid();
        directory.gid = attributes.gid();
      }
    }
    if (!directory.fresh) {
      xattrs.clear(directory.descriptor, entry);
    }
    directory.fresh = false;
    Xattr inherited = null;
    for (Xattr xattr : attributes.xattrs()) {
      if (Xattrs.isInherited(xattr)) {
        inherited = xattr;
      } else {
        xattrs.set(directory.descriptor, xattr, entry);
      }
    }
    int readable =
        identity.isRoot() ? attributes.mode() : WithheldMode.readableDirectory(attributes.mode());
    changeMode(directory, readable, !attributes.xattrs().isEmpty());
    if (readable == attributes.mode()) {
      ledger.hasMode(directory.path);
    } else {
      ledger.withhold(directory.path, attributes.mode());
    }
    ledger.late(directory.path, inherited, entry);
    directory.mtime = attributes.mtime();
    directory.changed = true;
  }

  /// Of a directory that has no entry.
  void impliedDirectory(Directory directory) throws StoreException {
    if (identity.isRoot() && (directory.uid != 0 || directory.gid != 0)) {
      kernel.must(Syscall.FCHOWN, directory.path, directory.descriptor, 0, 0, 0);
      directory.uid = 0;
      directory.gid = 0;
    }
    changeMode(directory, IMPLIED_MODE, false);
    directory.fresh = false;
  }

  static final int IMPLIED_MODE = 0755;

  private void changeMode(Directory directory, int mode, boolean always) throws StoreException {
    if (always || directory.mode != mode) {
      kernel.must(Syscall.FCHMOD, directory.path, directory.descriptor, mode, 0, 0);
      directory.mode = mode;
    }
  }

  /// Gives a directory what had to wait.
  void late(Directory directory, Ledger.Late late) throws StoreException {
    xattrs.set(directory.descriptor, late.inherited(), late.entry());
  }

  private void ownAt(Directory parent, byte[] name, Attributes attributes, LayerPath entry)
      throws StoreException {
    if (!hasOwner(attributes, parent)) {
      long owned =
          kernel.call(
              Syscall.FCHOWNAT,
              parent.descriptor,
              kernel.name(name),
              attributes.uid(),
              attributes.gid(),
              Flags.AT_SYMLINK_NOFOLLOW);
      own(owned, Syscall.FCHOWNAT, entry);
    }
  }

  /// Whether a new entry belongs to its owner already. A directory may pass its group on
  /// (set-group-id, BSD mounts).
  private boolean hasOwner(Attributes attributes, Directory parent) {
    return attributes.uid() == identity.uid()
        && attributes.gid() == identity.gid()
        && parent.gid == identity.gid();
  }

  /// @return whether the owner is what was asked for
  private boolean own(long result, Syscall call, LayerPath entry) throws StoreException {
    if (result == -Errno.EPERM || result == -Errno.EINVAL) {
      // EINVAL: not a user of this user namespace.
      losses.add("owner", entry, result);
      return false;
    }
    if (result < 0) {
      throw Kernel.failure(call, entry, result);
    }
    return true;
  }

  /// Whether a new entry has its mode already. Access control lists change it.
  private boolean hasMode(Attributes attributes) {
    return (attributes.mode() & ~PLAIN_BITS) == 0
        && (attributes.mode() & identity.umask()) == 0
        && attributes.xattrs().isEmpty();
  }
}
