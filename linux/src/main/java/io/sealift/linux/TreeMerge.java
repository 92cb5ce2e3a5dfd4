package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.LayerPath;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Merges layers' trees into one plain tree by renaming, as applying the layers one after the other
/// would: whiteouts remove, opaque directories replace, implied directories keep what is there, and
/// links to lower layers are made first, so that a layer can rename what it deletes. Nothing of
/// overlayfs's marks is left. Modes that were withheld are given by {@link #finish}. From {@link
/// #into} until {@link #close}.
public final class TreeMerge implements AutoCloseable {

  private final Kernel kernel;
  private final Statx statx;
  private final Xattrs xattrs;
  private final OverlayMarks marks;
  private final TreeRemoval removal;
  private final RootDir target;
  private final WithheldModes withheld = new WithheldModes();
  private Set<TreePath> implied = Set.of();
  private boolean first = true;

  /// A directory that is open, and what it was before.
  private record Held(int descriptor, DirectoryAttributes attributes) {}

  private TreeMerge(Kernel kernel, RootDir target) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.xattrs = new Xattrs(kernel, new Losses());
    this.marks = new OverlayMarks(kernel, xattrs);
    this.removal = new TreeRemoval(kernel);
    this.target = target;
  }

  /// Begins a tree.
  ///
  /// @param target an empty directory; it takes the attributes of the layers' roots
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public static TreeMerge into(Path target) throws StoreException {
    Kernel kernel = Kernel.open();
    try {
      return new TreeMerge(kernel, RootDir.open(kernel, target));
    } catch (StoreException failed) {
      kernel.close();
      throw failed;
    }
  }

  /// Merges a layer into what the layers before it gave. Its tree, on the file system of the
  /// target, is consumed.
  ///
  /// @throws UnsafeContentException when a hard link leads to what the layers below do not have
  public void add(LayerTree layer) throws StoreException, UnsafeContentException {
    implied = new HashSet<>();
    for (LayerPath path : layer.summary().implied()) {
      implied.add(TreePath.of(path));
    }
    if (first) {
      implied.remove(TreePath.ROOT); // there is nothing yet that could be kept
      first = false;
    }
    try (RootDir tree = RootDir.open(kernel, layer.directory())) {
      WithheldModes modes = WithheldModes.of(layer.summary());
      new MergeLinks(kernel, target, tree, withheld, modes).make(layer.summary().pendingLinks());
      merge(TreePath.ROOT, hold(target.descriptor()), hold(tree.descriptor()));
      withheld.putAll(modes);
    }
  }

  /// Gives what is there now the modes that were withheld. Nothing can be added any more.
  public void finish() throws StoreException {
    withheld.give(kernel, target);
  }

  /// Merges one directory of a layer into that of the same place.
  private void merge(TreePath path, Held lower, Held upper)
      throws StoreException, UnsafeContentException {
    if (upper.attributes.opaque()) {
      for (byte[] name : names(lower.descriptor, path)) {
        remove(lower.descriptor, name, path.child(name));
      }
    }
    for (byte[] name : names(upper.descriptor, path)) {
      mergeEntry(path.child(name), name, lower.descriptor, upper.descriptor);
    }
    Held kept = upper;
    if (implied.contains(path)) {
      kept = lower;
    } else {
      withheld.forget(path);
    }
    kept.attributes.give(kernel, xattrs, lower.descriptor, DirectorySink.layerPath(path.bytes()));
  }

  private void remove(int directory, byte[] name, TreePath path) throws StoreException {
    removal.remove(directory, name, path);
    withheld.forgetAll(path);
  }

  private void mergeEntry(TreePath path, byte[] name, int lower, int upper)
      throws StoreException, UnsafeContentException {
    statx.of(upper, kernel.name(name), path);
    if (statx.isWhiteout()) {
      remove(lower, name, path);
      kernel.must(Syscall.UNLINKAT, path, upper, kernel.name(name), 0, 0);
    } else if (statx.type() != Flags.S_IFDIR) {
      remove(lower, name, path);
      rename(path, name, lower, upper);
    } else if (isDirectory(lower, name)) {
      mergeDirectory(path, name, lower, upper);
    } else {
      remove(lower, name, path);
      moveDirectory(path, name, lower, upper);
    }
  }

  private void mergeDirectory(TreePath path, byte[] name, int lower, int upper)
      throws StoreException, UnsafeContentException {
    Held below = open(lower, name, path);
    try {
      Held above = open(upper, name, path);
      try {
        merge(path, below, above);
      } finally {
        kernel.closeDescriptor(above.descriptor);
      }
    } finally {
      kernel.closeDescriptor(below.descriptor);
    }
    kernel.must(Syscall.UNLINKAT, path, upper, kernel.name(name), Flags.AT_REMOVEDIR, 0);
  }

  /// Moves a directory to where there is nothing.
  private void moveDirectory(TreePath path, byte[] name, int lower, int upper)
      throws StoreException, UnsafeContentException {
    Held moved = open(upper, name, path);
    try {
      boolean changed = stripEntries(path, moved);
      rename(path, name, lower, upper);
      restore(path, moved, changed);
    } finally {
      kernel.closeDescriptor(moved.descriptor);
    }
  }

  /// Takes the marks of layers away below a directory under which nothing is to be hidden.
  ///
  /// @return whether the directory itself was changed by that
  private boolean stripEntries(TreePath path, Held directory)
      throws StoreException, UnsafeContentException {
    boolean changed = false;
    for (byte[] name : names(directory.descriptor, path)) {
      TreePath entry = path.child(name);
      statx.of(directory.descriptor, kernel.name(name), entry);
      if (statx.isWhiteout()) {
        kernel.must(Syscall.UNLINKAT, entry, directory.descriptor, kernel.name(name), 0, 0);
        changed = true;
      } else if (statx.type() == Flags.S_IFDIR) {
        strip(entry, name, directory.descriptor);
      }
    }
    return changed;
  }

  private void strip(TreePath path, byte[] name, int parent)
      throws StoreException, UnsafeContentException {
    Held directory = open(parent, name, path);
    try {
      restore(path, directory, stripEntries(path, directory));
    } finally {
      kernel.closeDescriptor(directory.descriptor);
    }
  }

  private void restore(TreePath path, Held directory, boolean changed)
      throws StoreException, UnsafeContentException {
    if (directory.attributes.marked()) {
      marks.clear(directory.descriptor);
    }
    if (changed) {
      directory.attributes.give(
          kernel, xattrs, directory.descriptor, DirectorySink.layerPath(path.bytes()));
    }
  }

  private void rename(TreePath path, byte[] name, int lower, int upper) throws StoreException {
    long from = kernel.name(name);
    long result = kernel.call(Syscall.RENAMEAT2, upper, from, lower, from);
    if (result == -Errno.EXDEV) {
      throw new StoreException(
          "merge layers into %s: expected a directory on their file system, found another one"
              .formatted(target.path()));
    }
    if (result < 0) {
      throw Kernel.failure(Syscall.RENAMEAT2, path, result);
    }
  }

  private boolean isDirectory(int parent, byte[] name) {
    return statx.of(parent, kernel.name(name)) >= 0 && statx.type() == Flags.S_IFDIR;
  }

  private Held open(int parent, byte[] name, TreePath path) throws StoreException {
    int opened =
        (int) kernel.must(Syscall.OPENAT, path, parent, kernel.name(name), Flags.OPEN_DIRECTORY, 0);
    try {
      return hold(opened);
    } catch (StoreException failed) {
      kernel.closeDescriptor(opened);
      throw failed;
    }
  }

  private Held hold(int directory) throws StoreException {
    Object subject = target.path();
    return new Held(directory, DirectoryAttributes.of(kernel, xattrs, directory, subject));
  }

  private List<byte[]> names(int directory, TreePath subject) throws StoreException {
    kernel.must(Syscall.LSEEK, subject, directory, 0, 0, 0);
    return TreeWalk.names(kernel, directory, subject);
  }

  @Override
  public void close() {
    target.close();
    kernel.close();
  }
}
