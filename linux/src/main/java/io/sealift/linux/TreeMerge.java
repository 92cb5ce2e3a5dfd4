package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Merges layers' trees into one plain tree by renaming, as applying the layers one after the other
/// would: whiteouts remove, opaque directories replace, implied directories keep what is there, and
/// links to lower layers are made first, so that a layer can rename what it deletes.
public final class TreeMerge {

  private final Kernel kernel;
  private final Statx statx;
  private final Xattrs xattrs;
  private final RootDir target;
  private final MemorySegment namesBuffer;
  private Set<TreePath> implied = Set.of();

  private TreeMerge(Kernel kernel, RootDir target) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.xattrs = new Xattrs(kernel, new Losses());
    this.target = target;
    this.namesBuffer = kernel.allocate(Kernel.BUFFER_BYTES);
  }

  /// Merges layers, base first, each of which is consumed, into `target`, an empty directory on
  /// their file system.
  public static void merge(List<LayerTree> layers, Path target)
      throws StoreException, UnsafeContentException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, target)) {
      TreeMerge merge = new TreeMerge(kernel, root);
      for (LayerTree layer : layers) {
        merge.add(layer);
      }
    }
  }

  private void add(LayerTree layer) throws StoreException, UnsafeContentException {
    implied = new HashSet<>();
    for (LayerPath path : layer.summary().implied()) {
      implied.add(TreePath.of(path));
    }
    try (RootDir tree = RootDir.open(kernel, layer.directory())) {
      for (PendingLink link : layer.summary().pendingLinks()) {
        link(tree, link);
      }
      merge(TreePath.ROOT, target.descriptor(), tree.descriptor());
    }
  }

  /// Makes a link in the layer's tree to what the layers below show.
  private void link(RootDir tree, PendingLink link) throws StoreException, UnsafeContentException {
    TreePath from = TreePath.of(link.target());
    TreePath to = TreePath.of(link.path());
    int source = open(target, from.parent(), link.target());
    try {
      int place = open(tree, to.parent(), link.path());
      try {
        makeLink(source, from.name(), place, to.name(), link);
      } finally {
        kernel.closeDescriptor(place);
      }
    } finally {
      kernel.closeDescriptor(source);
    }
  }

  private int open(RootDir root, TreePath directory, LayerPath subject)
      throws UnsafeContentException {
    int opened = root.openBeneath(directory, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw new UnsafeContentException(
          "make hard link: the directory of %s is in no layer below".formatted(subject));
    }
    return opened;
  }

  private void makeLink(int source, byte[] from, int place, byte[] to, PendingLink link)
      throws StoreException, UnsafeContentException {
    long result =
        kernel.call(Syscall.LINKAT, source, kernel.name(from), place, kernel.secondName(to), 0);
    if (result == -Errno.ENOENT || result == -Errno.EPERM) {
      throw new UnsafeContentException(
          "make hard link %s: no layer below has a file %s".formatted(link.path(), link.target()));
    }
    if (result < 0) {
      throw Kernel.failure(Syscall.LINKAT, link.path(), result);
    }
  }

  /// Merges one directory of a layer into that of the same place.
  private void merge(TreePath path, int lower, int upper)
      throws StoreException, UnsafeContentException {
    LayerPath subject = DirectorySink.layerPath(path.bytes());
    boolean isImplied = implied.contains(path);
    DirectoryAttributes attributes =
        DirectoryAttributes.of(kernel, xattrs, isImplied ? lower : upper, subject);
    if (isOpaque(upper, subject)) {
      for (byte[] name : names(lower, subject)) {
        remove(lower, name, subject);
      }
    }
    for (byte[] name : names(upper, subject)) {
      mergeEntry(path, lower, upper, name);
    }
    attributes.give(kernel, xattrs, lower, subject);
  }

  private void mergeEntry(TreePath parent, int lower, int upper, byte[] name)
      throws StoreException, UnsafeContentException {
    TreePath path = parent.child(name);
    look(upper, name, path);
    if (statx.isWhiteout()) {
      remove(lower, name, path);
      kernel.must(Syscall.UNLINKAT, path, upper, kernel.name(name), 0, 0);
      return;
    }
    boolean isDirectory = statx.type() == Flags.S_IFDIR;
    if (isDirectory && isDirectory(lower, name)) {
      mergeDirectory(path, lower, upper, name);
      return;
    }
    remove(lower, name, path);
    if (isDirectory) {
      strip(upper, name, path);
    }
    kernel.must(Syscall.RENAMEAT2, path, upper, kernel.name(name), lower, kernel.secondName(name));
  }

  private void mergeDirectory(TreePath path, int lower, int upper, byte[] name)
      throws StoreException, UnsafeContentException {
    int below = openDirectory(lower, name, path);
    try {
      int above = openDirectory(upper, name, path);
      try {
        merge(path, below, above);
      } finally {
        kernel.closeDescriptor(above);
      }
    } finally {
      kernel.closeDescriptor(below);
    }
    kernel.must(Syscall.UNLINKAT, path, upper, kernel.name(name), Flags.AT_REMOVEDIR, 0);
  }

  /// Takes the marks of layers away below a directory under which nothing is to be hidden.
  private void strip(int parent, byte[] name, TreePath path)
      throws StoreException, UnsafeContentException {
    int directory = openDirectory(parent, name, path);
    try {
      LayerPath subject = DirectorySink.layerPath(path.bytes());
      boolean changed = isOpaque(directory, subject);
      DirectoryAttributes attributes = DirectoryAttributes.of(kernel, xattrs, directory, subject);
      for (byte[] entry : names(directory, subject)) {
        look(directory, entry, path);
        if (statx.isWhiteout()) {
          kernel.must(Syscall.UNLINKAT, path, directory, kernel.name(entry), 0, 0);
          changed = true;
        } else if (statx.type() == Flags.S_IFDIR) {
          strip(directory, entry, path.child(entry));
        }
      }
      if (changed) {
        unmark(directory);
        attributes.give(kernel, xattrs, directory, subject);
      }
    } finally {
      kernel.closeDescriptor(directory);
    }
  }

  private void unmark(int directory) {
    for (String mark : List.of(OverlayMarks.TRUSTED_OPAQUE, OverlayMarks.USER_OPAQUE)) {
      kernel.call(Syscall.FREMOVEXATTR, directory, kernel.name(mark.getBytes(US_ASCII)));
    }
  }

  private boolean isOpaque(int directory, Object subject) throws StoreException {
    for (Xattr xattr : xattrs.all(directory, subject)) {
      if (OverlayMarks.isOpaque(xattr)) {
        return true;
      }
    }
    return false;
  }

  private void look(int directory, byte[] name, Object subject) throws StoreException {
    long result = statx.of(directory, kernel.name(name));
    if (result < 0) {
      throw Kernel.failure(Syscall.STATX, subject, result);
    }
  }

  private boolean isDirectory(int parent, byte[] name) {
    return statx.of(parent, kernel.name(name)) >= 0 && statx.type() == Flags.S_IFDIR;
  }

  private int openDirectory(int parent, byte[] name, Object subject) throws StoreException {
    return (int)
        kernel.must(Syscall.OPENAT, subject, parent, kernel.name(name), Flags.OPEN_DIRECTORY, 0);
  }

  private void remove(int directory, byte[] name, Object subject) throws StoreException {
    new TreeRemoval(kernel).remove(directory, name, subject);
  }

  /// All names in a directory, read before any of them changes.
  private List<byte[]> names(int directory, Object subject) throws StoreException {
    kernel.must(Syscall.LSEEK, subject, directory, 0, 0, 0);
    List<byte[]> names = new ArrayList<>();
    while (true) {
      long end =
          kernel.must(
              Syscall.GETDENTS64,
              subject,
              directory,
              namesBuffer.address(),
              Kernel.BUFFER_BYTES,
              0);
      if (end == 0) {
        return names;
      }
      TreeWalk.addNames(namesBuffer, end, names);
    }
  }
}
