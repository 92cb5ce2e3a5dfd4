package io.sealift.linux;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.testing.TreeEntry;
import io.sealift.testing.TreeSinkContract;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class DirectorySinkContractTest extends TreeSinkContract {

  private static final int MAX_CONTENT = 1 << 20;

  @TempDir Path scratch;

  private Path root() {
    return scratch.resolve("layer");
  }

  @Override
  protected TreeSink begin() throws IOException, StoreException {
    return DirectorySink.open(Files.createDirectory(root()));
  }

  @AfterEach
  void remove() throws StoreException {
    if (Files.isDirectory(root())) {
      TreeFiles.remove(root());
    }
  }

  @Override
  protected SortedMap<LayerPath, TreeEntry> look() throws ImageException {
    SortedMap<LayerPath, TreeEntry> tree = new TreeMap<>();
    try (RootFiles files = TreeFiles.open(root())) {
      add(files, "", tree);
    }
    return tree;
  }

  private void add(RootFiles files, String at, SortedMap<LayerPath, TreeEntry> tree)
      throws ImageException {
    LayerPath path = LayerFixture.path(at);
    TreeEntry entry = entry(files, path, at);
    tree.put(path, entry);
    if (entry.stat().type() != FileStat.Type.DIRECTORY) {
      return;
    }
    for (byte[] name : files.names(path).orElse(List.of())) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      add(files, at.isEmpty() ? text : at + "/" + text, tree);
    }
  }

  private TreeEntry entry(RootFiles files, LayerPath path, String at) throws ImageException {
    FileStat stat = files.stat(path).orElseThrow();
    byte[] data =
        switch (stat.type()) {
          case REGULAR -> files.read(path, MAX_CONTENT).orElseThrow();
          case SYMLINK -> files.link(path).orElseThrow();
          default -> new byte[0];
        };
    SortedMap<String, String> xattrs = new TreeMap<>();
    boolean opaque = false;
    for (Xattr xattr : LayerFixture.xattrs(root(), at)) {
      if (OverlayMarks.isOpaque(xattr)) {
        opaque = true;
      } else {
        xattrs.put(text(xattr.name()), text(xattr.value()));
      }
    }
    return new TreeEntry(stat, data, xattrs, opaque);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
