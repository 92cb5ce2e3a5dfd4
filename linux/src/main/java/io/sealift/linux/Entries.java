package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import org.jspecify.annotations.Nullable;

/// Makes names in the directories of a tree, and takes away what had the name before.
final class Entries {
  private final Kernel kernel;
  private final Statx statx;
  private final OpenDirectories directories;
  private final OverlayMarks marks;
  private final Ledger ledger;
  private final TreeRemoval removal;

  Entries(Kernel kernel, OpenDirectories directories, OverlayMarks marks, Ledger ledger) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.directories = directories;
    this.marks = marks;
    this.ledger = ledger;
    this.removal = new TreeRemoval(kernel);
  }

  /// Makes a regular file.
  ///
  /// @return its descriptor, for writing
  int file(Directory parent, byte[] name, int mode) throws StoreException {
    long made = createFile(parent, name, mode);
    if (made == -Errno.EEXIST) {
      clear(parent, name);
      made = createFile(parent, name, mode);
    }
    return (int) made(Syscall.OPENAT, parent, name, made);
  }

  private long createFile(Directory parent, byte[] name, int mode) {
    int flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.O_NOFOLLOW | Flags.O_CLOEXEC;
    return kernel.call(Syscall.OPENAT, parent.descriptor, kernel.name(name), flags, mode);
  }

  /// Makes a directory, or takes the one that is there. One that replaces something of this layer,
  /// or a whiteout, becomes opaque: what it replaces had replaced what is below.
  Directory directory(Directory parent, byte[] name, int mode)
      throws StoreException, UnsafeContentException {
    boolean replaces = ledger.waits(parent.path, name);
    long made = createDirectory(parent, name, mode);
    if (made == -Errno.EEXIST) {
      Directory existing = directories.child(parent, name);
      if (existing != null) {
        return existing;
      }
      clear(parent, name);
      replaces = true;
      made = createDirectory(parent, name, mode);
    }
    made(Syscall.MKDIRAT, parent, name, made);
    Directory directory = directories.child(parent, name);
    if (directory == null) {
      throw new StoreException(
          "make directory " + parent.path.child(name) + ": changed while it was written");
    }
    directory.fresh = true;
    directory.replaces = replaces;
    if (replaces) {
      marks.opaque(directory.descriptor, directory.path);
    }
    return directory;
  }

  private long createDirectory(Directory parent, byte[] name, int mode) {
    return kernel.call(Syscall.MKDIRAT, parent.descriptor, kernel.name(name), mode);
  }

  /// @param text without NUL
  void symlink(Directory parent, byte[] name, byte[] text) throws StoreException {
    long made = createSymlink(parent, name, text);
    if (made == -Errno.EEXIST) {
      clear(parent, name);
      made = createSymlink(parent, name, text);
    }
    made(Syscall.SYMLINKAT, parent, name, made);
  }

  private long createSymlink(Directory parent, byte[] name, byte[] text) {
    return kernel.call(
        Syscall.SYMLINKAT, kernel.secondName(text), parent.descriptor, kernel.name(name));
  }

  /// Makes a device or a FIFO.
  ///
  /// @param mode with its type
  /// @return 0, or the negated {@link Errno}: `EPERM` when this process may make no device
  long node(Directory parent, byte[] name, int mode, long device) throws StoreException {
    long made = createNode(parent, name, mode, device);
    if (made == -Errno.EEXIST) {
      clear(parent, name);
      made = createNode(parent, name, mode, device);
    }
    return made == -Errno.EPERM ? made : made(Syscall.MKNODAT, parent, name, made);
  }

  private long createNode(Directory parent, byte[] name, int mode, long device) {
    return kernel.call(Syscall.MKNODAT, parent.descriptor, kernel.name(name), mode, device);
  }

  /// Gives an entry of this tree, no directory, another name.
  void link(Directory from, byte[] target, Directory parent, byte[] name) throws StoreException {
    long made = createLink(from, target, parent, name);
    if (made == -Errno.EEXIST) {
      clear(parent, name);
      made = createLink(from, target, parent, name);
    }
    made(Syscall.LINKAT, parent, name, made);
  }

  private long createLink(Directory from, byte[] target, Directory parent, byte[] name) {
    return kernel.call(
        Syscall.LINKAT,
        from.descriptor,
        kernel.secondName(target),
        parent.descriptor,
        kernel.name(name),
        0);
  }

  private static long made(Syscall call, Directory parent, byte[] name, long result)
      throws StoreException {
    if (result < 0) {
      throw Kernel.failure(call, parent.path.child(name), result);
    }
    parent.changed = true;
    return result;
  }

  /// Hides a name of the layers below, unless this layer has it; a directory that it has becomes
  /// opaque, and nothing of it is that of a lower layer any more.
  void whiteout(Directory parent, byte[] name) throws StoreException {
    long made = marks.whiteout(parent.descriptor, name);
    if (made != -Errno.EEXIST) {
      made(Syscall.MKNODAT, parent, name, made);
      return;
    }
    Directory existing = directories.child(parent, name);
    if (existing != null) {
      marks.opaque(existing.descriptor, existing.path);
      ledger.entry(existing.path);
    }
  }

  /// What a name is now; see {@link Statx}.
  ///
  /// @return null when it is nothing
  @Nullable Statx look(Directory parent, byte[] name) throws StoreException {
    long result = statx.of(parent.descriptor, kernel.name(name));
    if (result == -Errno.ENOENT) {
      return null;
    }
    if (result < 0) {
      throw Kernel.failure(Syscall.STATX, parent.path.child(name), result);
    }
    return statx;
  }

  /// Takes a name away with all below it; nothing happens when it is not there.
  void clear(Directory parent, byte[] name) throws StoreException {
    TreePath place = parent.path.child(name);
    ledger.forget(place);
    directories.forget(place);
    removal.remove(parent.descriptor, name, place);
    parent.changed = true;
  }
}
