package io.sealift.store;

import io.sealift.failure.DeniedException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.RootFiles.Extension;
import io.sealift.store.ExpectedTree.Awaited;
import io.sealift.store.ExpectedTree.Directory;
import io.sealift.store.ExpectedTree.Leaf;
import io.sealift.store.ExpectedTree.Node;
import io.sealift.store.ExpectedTree.Whiteout;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.Loss;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compares a layer's tree with what its tar says: names, types, modes, owners, times, sizes,
/// links, devices, extended attributes and marks of opaque directories; and what is kept beside the
/// tree of implied directories and links to lower layers. What was lost when it was written is not
/// asked for.
final class TreeComparison {

  /// Of a directory that the layer has no entry for.
  private static final int MODE_WITHOUT_ENTRY = 0755;

  private static final Attributes NO_ATTRIBUTES =
      new Attributes(MODE_WITHOUT_ENTRY, 0, 0, new Attributes.FileTime(0, 0), List.of());

  private static final Extension NO_EXTENSION = new Extension(List.of(), false);

  private final RootFiles files;
  private final Set<String> losses;
  private final Map<LayerPath, Integer> withheld;
  private final Map<Long, Node> nodes = new HashMap<>();
  private final Map<Node, Long> inodes = new HashMap<>();
  private long differences;
  private @Nullable String first;
  private @Nullable String denied;

  /// @param known what is kept beside the tree
  TreeComparison(RootFiles files, TreeSummary known) {
    this.files = files;
    this.losses = known.losses().stream().map(Loss::what).collect(Collectors.toSet());
    this.withheld =
        known.withheld().stream()
            .collect(Collectors.toMap(WithheldMode::path, WithheldMode::mode, (_, last) -> last));
  }

  /// @throws IntegrityException with the first difference and the number of all
  void compare(Directory expected)
      throws StoreException, UnsafeContentException, IntegrityException {
    LayerPath root = LayerPath.ROOT;
    FileStat stat = files.stat(root).orElse(null);
    if (stat == null) {
      differ(root, "a directory", "nothing");
    } else {
      directory(root, expected, stat);
    }
    if (first != null) {
      throw new IntegrityException(
          differences == 1 ? first : "%s, and %d more".formatted(first, differences - 1));
    }
  }

  /// What was left out because it may not be read here; null when nothing was.
  @Nullable String denied() {
    return denied;
  }

  private void directory(LayerPath path, Directory expected, FileStat stat)
      throws StoreException, UnsafeContentException {
    if (expected.attributes == null) {
      mode(path, MODE_WITHOUT_ENTRY, stat);
    } else {
      attributes(path, expected.attributes, stat);
    }
    try {
      extension(path, expected.attributes, expected.opaque);
      children(path, expected);
    } catch (DeniedException unreadable) {
      deny(unreadable);
    }
  }

  private void deny(DeniedException unreadable) {
    if (denied == null) {
      denied =
          "its tree was not compared in full, because something cannot be read: %s; run 'sealift fsck' as root"
              .formatted(unreadable.getMessage());
    }
  }

  private void children(LayerPath path, Directory expected)
      throws StoreException, UnsafeContentException {
    Set<String> found = new HashSet<>();
    for (byte[] name : files.names(path).orElse(List.of())) {
      found.add(ExpectedTree.text(name));
    }
    for (Map.Entry<String, Node> child : expected.children.entrySet()) {
      LayerPath place = ExpectedTree.child(path, child.getKey());
      found.remove(child.getKey());
      child(place, child.getValue());
    }
    for (String name : found) {
      differ(ExpectedTree.child(path, name), "nothing", "an entry");
    }
  }

  private void child(LayerPath path, Node expected) throws StoreException, UnsafeContentException {
    FileStat there = files.stat(path).orElse(null);
    if (expected instanceof Awaited) {
      if (there != null) {
        differ(path, "nothing", text(there.type()));
      }
    } else if (isLost(expected) && (there == null || there.isWhiteout())) {
      return; // counted when it was written
    } else if (there == null) {
      differ(path, kind(expected), "nothing");
    } else {
      node(path, expected, there);
    }
  }

  private boolean isLost(Node node) {
    return losses.contains("device")
        && node instanceof Leaf leaf
        && switch (leaf.type) {
          case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> true;
          case REGULAR, DIRECTORY, SYMLINK, SOCKET -> false;
        };
  }

  private void node(LayerPath path, Node expected, FileStat stat)
      throws StoreException, UnsafeContentException {
    switch (expected) {
      case Directory directory when stat.type() == FileStat.Type.DIRECTORY ->
          directory(path, directory, stat);
      case Leaf leaf when stat.type() == leaf.type -> leaf(path, leaf, stat);
      case Whiteout _ when stat.isWhiteout() -> {}
      case Directory _, Leaf _, Whiteout _, Awaited _ ->
          differ(path, kind(expected), stat.isWhiteout() ? "a whiteout" : text(stat.type()));
    }
  }

  private void leaf(LayerPath path, Leaf expected, FileStat stat) throws StoreException {
    switch (expected.type) {
      case REGULAR -> same(path, "size", expected.size, stat.size());
      case SYMLINK -> {
        byte[] target = files.link(path).orElse(new byte[0]);
        if (!Arrays.equals(expected.target, target)) {
          differ(path, "a symlink to " + ByteText.of(expected.target), ByteText.of(target));
        }
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE -> {
        same(path, "major number", expected.major, stat.major());
        same(path, "minor number", expected.minor, stat.minor());
      }
      case DIRECTORY, FIFO, SOCKET -> {}
    }
    attributes(path, expected.attributes, stat);
    try {
      extension(path, expected.attributes, false);
      holes(path, expected);
    } catch (DeniedException unreadable) {
      deny(unreadable);
    }
    if (expected.linked || stat.links() > 1) {
      links(path, expected, stat);
    }
  }

  /// The tar proves all of a sparse file but its holes.
  private void holes(LayerPath path, Leaf expected) throws StoreException {
    if (expected.holes.isEmpty()) {
      return;
    }
    RootFiles.Content content = files.content(path).orElse(null);
    if (content == null) {
      return; // told already
    }
    try (content) {
      for (ExpectedTree.Hole hole : expected.holes) {
        if (!content.isZero(hole.from(), hole.to())) {
          differ(path, "a hole at " + hole.from(), "data");
        }
      }
    }
  }

  /// Names are of one inode here when they are links of each other in the tar.
  private void links(LayerPath path, Leaf expected, FileStat stat) {
    Long inode = inodes.putIfAbsent(expected, stat.inode());
    Node node = nodes.putIfAbsent(stat.inode(), expected);
    if ((inode != null && inode != stat.inode()) || (node != null && node != expected)) {
      differ(path, "the hard links of the tar", "others");
    }
  }

  private void attributes(LayerPath path, Attributes expected, FileStat stat) {
    if (stat.type() != FileStat.Type.SYMLINK) {
      mode(path, expected.mode(), stat);
    }
    if (!losses.contains("owner")) {
      same(path, "user", expected.uid(), stat.uid());
      same(path, "group", expected.gid(), stat.gid());
    }
    if (!expected.mtime().equals(stat.mtime())) {
      differ(path, "time " + text(expected.mtime()), text(stat.mtime()));
    }
  }

  private void mode(LayerPath path, int expected, FileStat stat) {
    Integer kept = withheld.get(path);
    if (kept == null) {
      sameMode(path, expected, stat.permissions());
    } else {
      sameMode(path, expected, kept);
      sameMode(
          path,
          stat.type() == FileStat.Type.DIRECTORY
              ? WithheldMode.readableDirectory(expected)
              : WithheldMode.readableFile(expected),
          stat.permissions());
    }
  }

  private void sameMode(LayerPath path, int expected, int found) {
    if (expected != found) {
      differ(path, "mode " + Integer.toOctalString(expected), Integer.toOctalString(found));
    }
  }

  private void extension(LayerPath path, @Nullable Attributes expected, boolean opaque)
      throws StoreException {
    Extension there = files.extension(path).orElse(NO_EXTENSION);
    if (there.opaque() != opaque) {
      differ(path, opaque ? "an opaque directory" : "no opaque directory", "another");
    }
    String difference =
        ExpectedXattrs.difference(
            expected == null ? NO_ATTRIBUTES : expected, there.xattrs(), losses);
    if (difference != null) {
      differ(path, difference);
    }
  }

  private void same(LayerPath path, String what, long expected, long found) {
    if (expected != found) {
      differ(path, what + " " + expected, Long.toString(found));
    }
  }

  private void differ(LayerPath path, String expected, String found) {
    differ(path, "expected %s, found %s".formatted(expected, found));
  }

  private void differ(LayerPath path, String difference) {
    differences++;
    if (first == null) {
      first = path + ": " + difference;
    }
  }

  private static String kind(Node node) {
    return switch (node) {
      case Directory _ -> "a directory";
      case Leaf leaf -> text(leaf.type);
      case Whiteout _ -> "a whiteout";
      case Awaited _ -> "nothing";
    };
  }

  private static String text(FileStat.Type type) {
    return switch (type) {
      case REGULAR -> "a file";
      case DIRECTORY -> "a directory";
      case SYMLINK -> "a symlink";
      case CHARACTER_DEVICE -> "a character device";
      case BLOCK_DEVICE -> "a block device";
      case FIFO -> "a FIFO";
      case SOCKET -> "a socket";
    };
  }

  private static String text(Attributes.FileTime time) {
    return "%d.%09d".formatted(time.seconds(), time.nanos());
  }
}
