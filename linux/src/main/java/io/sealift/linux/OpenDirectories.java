package io.sealift.linux;

import io.sealift.failure.StoreException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The directories of a tree that were written into last, held open, by their places. From {@link
/// #open} until {@link #close}.
///
/// A directory's time is set again when it leaves, so that outside of here every directory has the
/// time it is to have, and nothing has to be remembered for those that left.
final class OpenDirectories implements AutoCloseable {

  /// Descriptors held: enough for the ancestors of a deep place and some of their neighbours.
  private static final int OPEN_MAX = 64;

  private final Kernel kernel;
  private final RootDir root;
  private final Times times;
  private final Statx statx;
  private final LinkedHashMap<TreePath, Directory> open =
      new LinkedHashMap<>(2 * OPEN_MAX, 0.75f, true);
  private final Directory rootDirectory;
  private @Nullable Directory last;

  private OpenDirectories(Kernel kernel, RootDir root, Times times, Directory rootDirectory) {
    this.kernel = kernel;
    this.root = root;
    this.times = times;
    this.statx = new Statx(kernel);
    this.rootDirectory = rootDirectory;
  }

  /// @param root stays the caller's
  static OpenDirectories open(Kernel kernel, RootDir root, Times times) throws StoreException {
    Statx statx = new Statx(kernel);
    statx.of(root.descriptor(), root.path());
    Directory directory = new Directory(TreePath.ROOT, root.descriptor(), statx);
    return new OpenDirectories(kernel, root, times, directory);
  }

  Directory root() {
    return rootDirectory;
  }

  /// The parent of a place, when it is the one that was asked for last, or the root.
  @Nullable Directory lastParentOf(TreePath place) {
    if (last != null && last.path.isParentOf(place)) {
      return last;
    }
    return rootDirectory.path.isParentOf(place) ? rootDirectory : null;
  }

  /// The directory at a place, if there is one and no symlink leads to it.
  @Nullable Directory find(TreePath place) throws StoreException {
    if (place.isRoot()) {
      return rootDirectory;
    }
    Directory directory = open.get(place);
    if (directory == null) {
      directory = enter(place, root.openBeneath(place, Flags.OPEN_DIRECTORY));
    }
    return remember(directory);
  }

  /// The directory of a name in another one, if there is one; a symlink is none.
  @Nullable Directory child(Directory parent, byte[] name) throws StoreException {
    TreePath place = parent.path.child(name);
    Directory directory = open.get(place);
    if (directory == null) {
      directory =
          enter(
              place,
              (int)
                  kernel.call(
                      Syscall.OPENAT, parent.descriptor, kernel.name(name), Flags.OPEN_DIRECTORY));
    }
    return remember(directory);
  }

  private @Nullable Directory enter(TreePath place, int opened) throws StoreException {
    if (opened == -Errno.ENOENT || opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
      return null;
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT, place, opened);
    }
    statx.of(opened, place);
    Directory directory = new Directory(place, opened, statx);
    if (open.size() >= OPEN_MAX) {
      closeEldest();
    }
    open.put(place, directory);
    return directory;
  }

  private @Nullable Directory remember(@Nullable Directory directory) {
    if (directory != null) {
      last = directory;
    }
    return directory;
  }

  private void closeEldest() throws StoreException {
    Iterator<Directory> eldest = open.values().iterator();
    while (eldest.hasNext()) {
      Directory directory = eldest.next();
      if (!directory.held) {
        eldest.remove();
        leave(directory);
        return;
      }
    }
  }

  private void leave(Directory directory) throws StoreException {
    if (last == directory) {
      last = null;
    }
    try {
      settle(directory);
    } finally {
      kernel.closeDescriptor(directory.descriptor);
    }
  }

  private void settle(Directory directory) throws StoreException {
    if (directory.changed) {
      times.set(directory.descriptor, directory.mtime, directory.path);
      directory.changed = false;
    }
  }

  /// Lets go of a place that is being removed, and of all below it.
  void forget(TreePath place) {
    Iterator<Map.Entry<TreePath, Directory>> entries = open.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<TreePath, Directory> entry = entries.next();
      if (place.isSelfOrAbove(entry.getKey())) {
        entries.remove();
        kernel.closeDescriptor(entry.getValue().descriptor);
      }
    }
    last = null;
  }

  /// Gives every directory its time.
  void settle() throws StoreException {
    for (Directory directory : open.values()) {
      settle(directory);
    }
    settle(rootDirectory);
  }

  @Override
  public void close() {
    for (Directory directory : open.values()) {
      kernel.closeDescriptor(directory.descriptor);
    }
    open.clear();
    last = null;
  }
}
