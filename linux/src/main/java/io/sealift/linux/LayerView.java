package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import java.util.HashSet;
import java.util.Set;

/// One layer of a stack, asked about single places: what it has there, and whether it hides what
/// the layers below have. Symlinks are never followed. From {@link #open} until {@link #close}.
final class LayerView implements AutoCloseable {

  private final Kernel kernel;
  private final Statx statx;
  private final Xattrs xattrs;
  private final RootDir root;
  private final Set<TreePath> implied;

  /// What a layer says about a place.
  enum Word {
    /// Nothing: the layers below decide.
    SILENT,
    /// The layers below have nothing there that shows.
    HIDES,
    /// A directory that it has an entry for.
    DIRECTORY,
    /// A directory that it needs but has no entry for.
    IMPLIED_DIRECTORY,
    /// Anything else.
    FILE
  }

  private LayerView(Kernel kernel, Xattrs xattrs, RootDir root, Set<TreePath> implied) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.xattrs = xattrs;
    this.root = root;
    this.implied = implied;
  }

  /// @param kernel stays the caller's
  static LayerView open(Kernel kernel, Xattrs xattrs, LayerTree layer)
      throws StoreException, UnsafeContentException {
    Set<TreePath> implied = new HashSet<>();
    for (LayerPath path : layer.summary().implied()) {
      implied.add(TreePath.of(path));
    }
    return new LayerView(kernel, xattrs, RootDir.open(kernel, layer.directory()), implied);
  }

  /// What the layer says about a place, and by its ancestors about what is below them.
  Word at(TreePath place) throws StoreException {
    if (!place.isRoot()) {
      Word above = ancestors(place.parent());
      if (above != Word.DIRECTORY) {
        return above;
      }
    }
    return look(place);
  }

  /// `DIRECTORY` when the place can be looked up; else whether its absence hides it.
  private Word ancestors(TreePath directory) throws StoreException {
    if (directory.isRoot()) {
      return Word.DIRECTORY;
    }
    Word above = ancestors(directory.parent());
    if (above != Word.DIRECTORY) {
      return above;
    }
    return switch (look(directory)) {
      case SILENT -> isOpaque(directory.parent()) ? Word.HIDES : Word.SILENT;
      case HIDES, FILE -> Word.HIDES;
      case DIRECTORY, IMPLIED_DIRECTORY -> Word.DIRECTORY;
    };
  }

  private Word look(TreePath place) throws StoreException {
    int opened = root.openBeneath(place, Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC);
    if (opened == -Errno.ENOENT) {
      return isOpaque(place.parent()) ? Word.HIDES : Word.SILENT;
    }
    if (opened == -Errno.ELOOP) {
      return Word.FILE;
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, place, opened);
    }
    try {
      statx.of(opened, place);
      if (statx.isWhiteout()) {
        return Word.HIDES;
      }
      if (statx.type() != Flags.S_IFDIR) {
        return Word.FILE;
      }
      return implied.contains(place) ? Word.IMPLIED_DIRECTORY : Word.DIRECTORY;
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  private boolean isOpaque(TreePath place) throws StoreException {
    int opened = root.openBeneath(place, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      return false;
    }
    try {
      for (Xattr xattr : xattrs.all(opened, place)) {
        if (OverlayMarks.isOpaque(xattr)) {
          return true;
        }
      }
      return false;
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  /// Opens a file to be read.
  ///
  /// @return a descriptor, or the negated {@link Errno}
  int openFile(TreePath place) {
    return root.openBeneath(place, Flags.O_RDONLY | Flags.O_NONBLOCK | Flags.O_CLOEXEC);
  }

  DirectoryAttributes attributes(TreePath place) throws StoreException {
    int opened = root.openBeneath(place, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, place, opened);
    }
    try {
      return DirectoryAttributes.of(kernel, xattrs, opened, place);
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
