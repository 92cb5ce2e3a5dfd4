package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Mends in a stacked root file system what layers that were unpacked alone could not know or have:
/// the attributes of directories that a layer needs without an entry for them, hard links to files
/// of lower layers, and modes that were withheld. The outcome is that of applying the layers one
/// after the other. The kernel's copy-up does the work, so the layers stay as they are.
public final class StackMending {

  private final Kernel kernel;
  private final Xattrs xattrs;
  private final RootDir root;
  private final LayerStack stack;

  private StackMending(Kernel kernel, Xattrs xattrs, RootDir root, LayerStack stack) {
    this.kernel = kernel;
    this.xattrs = xattrs;
    this.root = root;
    this.stack = stack;
  }

  /// @param layers base first
  /// @param rootfs where they are stacked, to be written to
  /// @throws UnsafeContentException when a hard link leads to what the layers below do not have
  public static void mend(List<LayerTree> layers, Path rootfs)
      throws StoreException, UnsafeContentException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, rootfs)) {
      Xattrs xattrs = new Xattrs(kernel, new Losses());
      try (LayerStack stack = new LayerStack(kernel, xattrs, layers)) {
        new PendingLinks(kernel, root, stack).make(layers);
        StackMending mending = new StackMending(kernel, xattrs, root, stack);
        mending.withheld(layers);
        mending.implied(layers);
        mending.root();
      }
    }
  }

  /// Of directories; files are {@link PendingLinks}'.
  private void withheld(List<LayerTree> layers) throws StoreException, UnsafeContentException {
    for (int layer = 0; layer < layers.size(); layer++) {
      for (WithheldMode mode : layers.get(layer).summary().withheld()) {
        TreePath place = TreePath.of(mode.path());
        boolean directory = stack.view(layer).at(place).kind() == LayerView.Kind.DIRECTORY;
        if (directory && !place.isRoot() && stack.shows(place, layer)) {
          WithheldModes.give(kernel, root, place, mode.mode());
        }
      }
    }
  }

  private void implied(List<LayerTree> layers) throws StoreException, UnsafeContentException {
    TreeSet<TreePath> places = new TreeSet<>();
    for (LayerTree layer : layers) {
      for (LayerPath path : layer.summary().implied()) {
        places.add(TreePath.of(path));
      }
    }
    places.remove(TreePath.ROOT);
    for (TreePath place : places) {
      DirectoryAttributes attributes = stack.inherited(place).orElse(null);
      if (attributes != null) {
        give(place, attributes);
      }
    }
  }

  /// The root is that of the upper directory, which is no layer.
  private void root() throws StoreException, UnsafeContentException {
    int layer = stack.size() - 1;
    while (layer > 0
        && stack.view(layer).at(TreePath.ROOT).kind() == LayerView.Kind.IMPLIED_DIRECTORY) {
      layer--;
    }
    if (layer >= 0) {
      give(TreePath.ROOT, stack.view(layer).attributes(TreePath.ROOT));
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
}
