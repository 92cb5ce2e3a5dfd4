package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Mends in a stacked root file system what layers that were unpacked alone could not know: the
/// attributes of directories that a layer needs without an entry for them, and hard links to files
/// of lower layers. The kernel's copy-up does the work, so the layers stay as they are.
public final class StackMending {

  /// Mode of a copy until it gets that of its source.
  private static final int COPY_MODE = 0600;

  /// Bytes copied at once.
  private static final int COPY_BYTES = 256 * 1024;

  private final Kernel kernel;
  private final Xattrs xattrs;
  private final RootDir root;
  private final List<LayerView> views;

  private StackMending(Kernel kernel, Xattrs xattrs, RootDir root, List<LayerView> views) {
    this.kernel = kernel;
    this.xattrs = xattrs;
    this.root = root;
    this.views = views;
  }

  /// @param layers base first
  /// @param rootfs where they are stacked, to be written to
  public static void mend(List<LayerTree> layers, Path rootfs)
      throws StoreException, UnsafeContentException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, rootfs)) {
      Xattrs xattrs = new Xattrs(kernel, new Losses());
      List<LayerView> views = new ArrayList<>();
      try {
        for (LayerTree layer : layers) {
          views.add(LayerView.open(kernel, xattrs, layer));
        }
        StackMending mending = new StackMending(kernel, xattrs, root, views);
        mending.links(layers);
        mending.implied(layers);
        mending.root();
      } finally {
        views.forEach(LayerView::close);
      }
    }
  }

  /// Deepest first, because mending a directory can touch its parent.
  private void implied(List<LayerTree> layers) throws StoreException, UnsafeContentException {
    TreeSet<TreePath> places = new TreeSet<>();
    for (LayerTree layer : layers) {
      for (LayerPath path : layer.summary().implied()) {
        places.add(TreePath.of(path));
      }
    }
    places.remove(TreePath.ROOT);
    for (TreePath place : places.descendingSet()) {
      mend(place);
    }
  }

  /// The root's attributes come from the upper directory, which nobody gave any yet.
  private void root() throws StoreException, UnsafeContentException {
    for (LayerView view : views.reversed()) {
      if (view.at(TreePath.ROOT) == LayerView.Word.DIRECTORY) {
        give(TreePath.ROOT, view.attributes(TreePath.ROOT));
        return;
      }
    }
  }

  private void mend(TreePath place) throws StoreException, UnsafeContentException {
    boolean shown = false;
    for (int layer = views.size() - 1; layer >= 0; layer--) {
      switch (views.get(layer).at(place)) {
        case SILENT -> {}
        case HIDES, FILE -> {
          return;
        }
        case IMPLIED_DIRECTORY -> shown = true;
        case DIRECTORY -> {
          if (shown) {
            give(place, views.get(layer).attributes(place));
          }
          return;
        }
      }
    }
  }

  private void give(TreePath place, DirectoryAttributes attributes)
      throws StoreException, UnsafeContentException {
    int opened = root.openBeneath(place, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, place, opened);
    }
    try {
      attributes.give(kernel, xattrs, opened, DirectorySink.layerPath(place.bytes()));
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  private void links(List<LayerTree> layers) throws StoreException, UnsafeContentException {
    for (int layer = 0; layer < layers.size(); layer++) {
      for (PendingLink link : layers.get(layer).summary().pendingLinks()) {
        if (!isHidden(layer, TreePath.of(link.path()))) {
          link(layer, link);
        }
      }
    }
  }

  /// Whether a layer above has something at a place, or hides it.
  private boolean isHidden(int layer, TreePath place) throws StoreException {
    for (int above = layer + 1; above < views.size(); above++) {
      if (views.get(above).at(place) != LayerView.Word.SILENT) {
        return true;
      }
    }
    return false;
  }

  /// Makes a link that shows. Its target is what the layers below its own have; where that does not
  /// show any more, the link is its last name and gets a copy.
  private void link(int layer, PendingLink link) throws StoreException, UnsafeContentException {
    TreePath target = TreePath.of(link.target());
    TreePath place = TreePath.of(link.path());
    int parent = open(place.parent(), link);
    try {
      DirectoryAttributes before = DirectoryAttributes.of(kernel, xattrs, parent, link.path());
      if (isHidden(layer - 1, target)) {
        copy(source(layer, link), target, parent, link);
      } else {
        linkTo(target, parent, link);
      }
      new Times(kernel).set(parent, before.mtime(), link.path());
    } finally {
      kernel.closeDescriptor(parent);
    }
  }

  private void linkTo(TreePath target, int parent, PendingLink link)
      throws StoreException, UnsafeContentException {
    int source = open(target.parent(), link);
    try {
      long from = kernel.name(target.name());
      long to = kernel.secondName(TreePath.of(link.path()).name());
      long result = kernel.call(Syscall.LINKAT, source, from, parent, to, 0);
      if (result == -Errno.ENOENT || result == -Errno.EPERM) {
        throw missing(link);
      }
      if (result < 0) {
        throw Kernel.failure(Syscall.LINKAT, link.path(), result);
      }
    } finally {
      kernel.closeDescriptor(source);
    }
  }

  /// The layer below that shows the link's target.
  private LayerView source(int layer, PendingLink link)
      throws StoreException, UnsafeContentException {
    TreePath target = TreePath.of(link.target());
    for (int below = layer - 1; below >= 0; below--) {
      switch (views.get(below).at(target)) {
        case SILENT -> {}
        case FILE -> {
          return views.get(below);
        }
        case HIDES, DIRECTORY, IMPLIED_DIRECTORY -> throw missing(link);
      }
    }
    throw missing(link);
  }

  private static UnsafeContentException missing(PendingLink link) {
    return new UnsafeContentException(
        "make hard link %s: no layer below has a file %s".formatted(link.path(), link.target()));
  }

  private void copy(LayerView layer, TreePath target, int parent, PendingLink link)
      throws StoreException, UnsafeContentException {
    int from = layer.openFile(target);
    if (from < 0) {
      throw missing(link);
    }
    try {
      byte[] name = TreePath.of(link.path()).name();
      int flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.O_CLOEXEC;
      long made =
          kernel.must(Syscall.OPENAT, link.path(), parent, kernel.name(name), flags, COPY_MODE);
      try {
        copyContent(from, (int) made, link);
        DirectoryAttributes.of(kernel, xattrs, from, link.path())
            .give(kernel, xattrs, (int) made, link.path());
      } finally {
        kernel.closeDescriptor((int) made);
      }
    } finally {
      kernel.closeDescriptor(from);
    }
  }

  private void copyContent(int from, int to, PendingLink link) throws StoreException {
    long buffer = kernel.allocate(COPY_BYTES).address();
    long at = 0;
    while (true) {
      long read = kernel.must(Syscall.PREAD64, link.target(), from, buffer, COPY_BYTES, at);
      if (read == 0) {
        return;
      }
      for (long written = 0; written < read; ) {
        written +=
            kernel.must(
                Syscall.PWRITE64, link.path(), to, buffer + written, read - written, at + written);
      }
      at += read;
    }
  }

  private int open(TreePath directory, PendingLink link) throws UnsafeContentException {
    int opened = root.openBeneath(directory, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw new UnsafeContentException(
          "make hard link %s to %s: directory %s is in no layer"
              .formatted(link.path(), link.target(), directory));
    }
    return opened;
  }
}
