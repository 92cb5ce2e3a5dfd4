package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.LayerPath;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Merges layers' trees into one plain tree by renaming, as applying the layers one after the other
/// would: whiteouts remove, opaque directories replace, implied directories keep what is there, and
/// links to lower layers are made first, so that a layer can rename what it deletes. Nothing of
/// overlayfs's marks is left. Directories that keep an ordinary user out are opened up meanwhile.
public final class TreeMerge {

  private static final int OWNER_ALL = 0700;

  private final Kernel kernel;
  private final Statx statx;
  private final Xattrs xattrs;
  private final TreeRemoval removal;
  private final RootDir target;
  private final boolean privileged;
  private Set<TreePath> implied = Set.of();

  /// A directory that is open, and what it was before.
  ///
  /// @param openedUp whether its mode is another now
  private record Held(int descriptor, DirectoryAttributes attributes, boolean openedUp) {}

  private TreeMerge(Kernel kernel, RootDir target) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.xattrs = new Xattrs(kernel, new Losses());
    this.removal = new TreeRemoval(kernel);
    this.target = target;
    this.privileged = Identity.of(kernel).isRoot();
  }

  /// Merges layers, base first, each of which is consumed, into `target`, an empty directory on
  /// their file system. It takes the attributes of their roots.
  ///
  /// @throws UnsafeContentException when a hard link leads to what the layers below do not have
  public static void merge(List<LayerTree> layers, Path target)
      throws StoreException, UnsafeContentException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, target)) {
      TreeMerge merge = new TreeMerge(kernel, root);
      for (int layer = 0; layer < layers.size(); layer++) {
        merge.add(layers.get(layer), layer == 0);
      }
    }
  }

  private void add(LayerTree layer, boolean first) throws StoreException, UnsafeContentException {
    implied = new HashSet<>();
    for (LayerPath path : layer.summary().implied()) {
      implied.add(TreePath.of(path));
    }
    if (first) {
      implied.remove(TreePath.ROOT); // there is nothing yet that could be kept
    }
    try (RootDir tree = RootDir.open(kernel, layer.directory())) {
      new MergeLinks(kernel, target, tree).make(layer.summary().pendingLinks());
      merge(TreePath.ROOT, hold(target.descriptor()), hold(tree.descriptor()));
    }
  }

  /// Merges one directory of a layer into that of the same place.
  private void merge(TreePath path, Held lower, Held upper)
      throws StoreException, UnsafeContentException {
    if (upper.attributes.opaque()) {
      for (byte[] name : names(lower.descriptor, path)) {
        removal.remove(lower.descriptor, name, path.child(name));
      }
    }
    for (byte[] name : names(upper.descriptor, path)) {
      mergeEntry(path.child(name), name, lower.descriptor, upper.descriptor);
    }
    Held kept = implied.contains(path) ? lower : upper;
    kept.attributes.give(kernel, xattrs, lower.descriptor, DirectorySink.layerPath(path.bytes()));
  }

  private void mergeEntry(TreePath path, byte[] name, int lower, int upper)
      throws StoreException, UnsafeContentException {
    look(upper, name, path);
    if (statx.isWhiteout()) {
      removal.remove(lower, name, path);
      kernel.must(Syscall.UNLINKAT, path, upper, kernel.name(name), 0, 0);
    } else if (statx.type() != Flags.S_IFDIR) {
      removal.remove(lower, name, path);
      rename(path, name, lower, upper);
    } else if (isDirectory(lower, name)) {
      mergeDirectory(path, name, lower, upper);
    } else {
      removal.remove(lower, name, path);
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

  /// Moves a directory to where there is nothing. Renaming needs the right to write into the
  /// directory itself, so it gets its own mode back last.
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
    boolean changed = directory.attributes.opaque();
    for (byte[] name : names(directory.descriptor, path)) {
      TreePath entry = path.child(name);
      look(directory.descriptor, name, entry);
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
    if (directory.attributes.opaque()) {
      for (String mark : List.of(OverlayMarks.TRUSTED_OPAQUE, OverlayMarks.USER_OPAQUE)) {
        long name = kernel.name(mark.getBytes(US_ASCII));
        kernel.call(Syscall.FREMOVEXATTR, directory.descriptor, name);
      }
    }
    if (changed || directory.openedUp) {
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

  private void look(int directory, byte[] name, TreePath subject) throws StoreException {
    long result = statx.of(directory, kernel.name(name));
    if (result < 0) {
      throw Kernel.failure(Syscall.STATX, subject, result);
    }
  }

  private boolean isDirectory(int parent, byte[] name) {
    return statx.of(parent, kernel.name(name)) >= 0 && statx.type() == Flags.S_IFDIR;
  }

  private Held open(int parent, byte[] name, TreePath path) throws StoreException {
    int mode = OWNER_ALL;
    if (!privileged) {
      look(parent, name, path);
      mode = statx.permissions();
      if ((mode & OWNER_ALL) != OWNER_ALL) {
        openUp(parent, name, mode | OWNER_ALL, path);
      }
    }
    int opened =
        (int) kernel.must(Syscall.OPENAT, path, parent, kernel.name(name), Flags.OPEN_DIRECTORY, 0);
    try {
      Held held = hold(opened);
      boolean openedUp = (mode & OWNER_ALL) != OWNER_ALL;
      return openedUp ? new Held(opened, held.attributes.withMode(mode), true) : held;
    } catch (StoreException failed) {
      kernel.closeDescriptor(opened);
      throw failed;
    }
  }

  private void openUp(int parent, byte[] name, int mode, TreePath path) throws StoreException {
    int flags = Flags.O_PATH | Flags.OPEN_DIRECTORY;
    int directory = (int) kernel.must(Syscall.OPENAT, path, parent, kernel.name(name), flags, 0);
    try {
      AttributeWriter.changeModeByPath(kernel, directory, mode, path);
    } finally {
      kernel.closeDescriptor(directory);
    }
  }

  private Held hold(int directory) throws StoreException {
    Object subject = target.path();
    return new Held(directory, DirectoryAttributes.of(kernel, xattrs, directory, subject), false);
  }

  private List<byte[]> names(int directory, TreePath subject) throws StoreException {
    kernel.must(Syscall.LSEEK, subject, directory, 0, 0, 0);
    List<byte[]> names = new ArrayList<>();
    MemorySegment buffer = kernel.takeBuffer();
    try {
      while (true) {
        long address = buffer.address();
        long end =
            kernel.must(Syscall.GETDENTS64, subject, directory, address, Kernel.BUFFER_BYTES, 0);
        if (end == 0) {
          return names;
        }
        TreeWalk.addNames(buffer, end, names);
      }
    } finally {
      kernel.giveBuffer(buffer);
    }
  }
}
