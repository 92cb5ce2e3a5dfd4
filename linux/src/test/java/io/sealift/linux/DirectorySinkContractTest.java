package io.sealift.linux;

import io.sealift.failure.ImageException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.testing.TreeEntry;
import io.sealift.testing.TreeSinkContract;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class DirectorySinkContractTest extends TreeSinkContract {

  private static final int CONTENT_BYTES_MAX = 1 << 20;

  @TempDir Path layer;

  @Override
  protected TreeSink begin() throws ImageException {
    return DirectorySink.open(layer);
  }

  @Override
  protected SortedMap<LayerPath, TreeEntry> look() throws ImageException {
    SortedMap<LayerPath, TreeEntry> tree = new TreeMap<>();
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, layer);
        RootFiles files = TreeFiles.open(layer)) {
      look(TreePath.ROOT, kernel, root, files, tree);
    }
    return tree;
  }

  private static void look(
      TreePath place,
      Kernel kernel,
      RootDir root,
      RootFiles files,
      SortedMap<LayerPath, TreeEntry> tree)
      throws ImageException {
    LayerPath path = DirectorySink.layerPath(place.bytes());
    tree.put(path, entry(place, kernel, root, files));
    for (byte[] name : files.names(path).orElse(java.util.List.of())) {
      TreePath child = place.child(name);
      FileStat stat = files.stat(DirectorySink.layerPath(child.bytes())).orElseThrow();
      if (stat.type() == FileStat.Type.DIRECTORY) {
        look(child, kernel, root, files, tree);
      } else {
        tree.put(DirectorySink.layerPath(child.bytes()), entry(child, kernel, root, files));
      }
    }
  }

  private static TreeEntry entry(TreePath place, Kernel kernel, RootDir root, RootFiles files)
      throws ImageException {
    LayerPath path = DirectorySink.layerPath(place.bytes());
    FileStat stat = files.stat(path).orElseThrow();
    byte[] data =
        switch (stat.type()) {
          case REGULAR -> files.read(path, CONTENT_BYTES_MAX).orElseThrow();
          case SYMLINK -> files.link(path).orElseThrow();
          default -> new byte[0];
        };
    SortedMap<String, String> xattrs = new TreeMap<>();
    boolean opaque = false;
    int parent = root.openBeneath(place.parent(), Flags.OPEN_DIRECTORY);
    byte[] name = place.isRoot() ? new byte[] {'.'} : place.name();
    for (Xattr xattr : new Xattrs(kernel, new Losses()).allAt(parent, name, path)) {
      if (OverlayMarks.isOpaque(xattr)) {
        opaque = true;
      } else {
        xattrs.put(latin(xattr.name()), latin(xattr.value()));
      }
    }
    kernel.closeDescriptor(parent);
    return new TreeEntry(stat, data, xattrs, opaque);
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
