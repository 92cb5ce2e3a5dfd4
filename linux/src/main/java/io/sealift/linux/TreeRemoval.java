package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;

/// Removes trees by descriptors, so that a symlink in them is removed and never followed.
/// Directories that keep their owner out are opened up first.
final class TreeRemoval {

  /// How often a directory is gone through again because something was in it when it was to be
  /// removed: somebody adds to it, or the file system lost its place while names were removed.
  private static final int PASSES_MAX = 8;

  private final Kernel kernel;
  private final Visitor visitor = new Visitor();

  TreeRemoval(Kernel kernel) {
    this.kernel = kernel;
  }

  /// Removes a name with all below it; nothing happens when it is not there.
  void remove(int parent, byte[] name, Object subject) throws StoreException {
    if (!TreePath.isName(name)) {
      throw new IllegalArgumentException("remove " + subject + ": not a name");
    }
    long result = kernel.call(Syscall.UNLINKAT, parent, kernel.name(name), 0);
    // Linux says EISDIR where POSIX has EPERM for a directory.
    if (result == -Errno.EISDIR || result == -Errno.EPERM) {
      removeDirectory(parent, name, subject);
    } else if (result < 0 && result != -Errno.ENOENT) {
      throw Kernel.failure(Syscall.UNLINKAT, subject, result);
    }
  }

  private void removeDirectory(int parent, byte[] name, Object subject) throws StoreException {
    long result = -Errno.ENOTEMPTY;
    for (int pass = 0; pass < PASSES_MAX && result == -Errno.ENOTEMPTY; pass++) {
      result = kernel.call(Syscall.UNLINKAT, parent, kernel.name(name), Flags.AT_REMOVEDIR);
      if (result == -Errno.ENOTEMPTY) {
        empty(open(parent, name, subject), subject);
        result = kernel.call(Syscall.UNLINKAT, parent, kernel.name(name), Flags.AT_REMOVEDIR);
      }
    }
    if (result < 0) {
      throw Kernel.failure(Syscall.UNLINKAT, subject, result);
    }
  }

  private int open(int parent, byte[] name, Object subject) throws StoreException {
    long opened = kernel.call(Syscall.OPENAT, parent, kernel.name(name), Flags.OPEN_DIRECTORY);
    if (opened == -Errno.EACCES && openUp(parent, kernel.name(name), subject)) {
      opened = kernel.call(Syscall.OPENAT, parent, kernel.name(name), Flags.OPEN_DIRECTORY);
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT, subject, opened);
    }
    return (int) opened;
  }

  private void empty(int directory, Object subject) throws StoreException {
    permit(directory);
    try (TreeWalk walk = new TreeWalk(kernel, subject, visitor)) {
      walk.below(directory);
    } catch (UnsafeContentException impossible) {
      throw new StoreException(impossible.getMessage(), impossible);
    }
  }

  /// Lets the owner remove what is in a directory. Whether it was needed shows at the removal.
  private void permit(int directory) {
    kernel.call(Syscall.FCHMOD, directory, 0700);
  }

  private boolean openUp(int parent, long name, Object subject) throws StoreException {
    int flags = Flags.O_PATH | Flags.OPEN_DIRECTORY;
    int directory = (int) kernel.must(Syscall.OPENAT, subject, parent, name, flags, 0);
    try {
      AttributeWriter.changeModeByPath(kernel, directory, 0700, subject);
      return true;
    } finally {
      kernel.closeDescriptor(directory);
    }
  }

  private final class Visitor implements TreeWalk.Visitor {

    @Override
    public void entry(int parent, long name, TreeWalk walk) throws StoreException {
      kernel.must(Syscall.UNLINKAT, walk, parent, name, 0, 0);
    }

    @Override
    public void enter(int directory, TreeWalk walk) {
      permit(directory);
    }

    @Override
    public void leave(int parent, long name, TreeWalk walk) throws StoreException {
      long result = kernel.call(Syscall.UNLINKAT, parent, name, Flags.AT_REMOVEDIR);
      // Not empty: the next pass finds what is in it.
      if (result < 0 && result != -Errno.ENOTEMPTY) {
        throw Kernel.failure(Syscall.UNLINKAT, walk, result);
      }
    }

    @Override
    public boolean denied(int parent, long name, TreeWalk walk) throws StoreException {
      return openUp(parent, name, walk);
    }
  }
}
