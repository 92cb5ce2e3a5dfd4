package io.sealift.store;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a layer's tree has to look like, by the headers of its tar: a sink that remembers instead
/// of writing. Takes some two hundred bytes an entry.
final class ExpectedTree implements TreeSink {

  /// Symlinks followed on one path, as many as Linux follows (`MAXSYMLINKS`).
  private static final int MAX_LINKS = 40;

  private final Directory root = new Directory();
  private List<Deferred> deferred = new ArrayList<>();

  /// What a name stands for. Hard links of each other are one object.
  sealed interface Node permits Directory, Leaf, Whiteout {}

  /// A directory; without attributes an implied one.
  static final class Directory implements Node {
    @Nullable Attributes attributes;

    /// By name, each byte a character, in the order of the bytes.
    final Map<String, Node> children = new TreeMap<>();
  }

  /// Anything but a directory.
  static final class Leaf implements Node {
    final FileStat.Type type;
    final Attributes attributes;
    final long size;
    final byte[] target;
    final int major;
    final int minor;

    /// Whether other names are hard links of it, or were.
    boolean linked;

    Leaf(
        FileStat.Type type, Attributes attributes, long size, byte[] target, int major, int minor) {
      this.type = type;
      this.attributes = attributes;
      this.size = size;
      this.target = target;
      this.major = major;
      this.minor = minor;
    }
  }

  /// A name that is hidden.
  static final class Whiteout implements Node {}

  private record Deferred(LayerPath path, LayerPath target) {}

  Directory root() {
    return root;
  }

  @Override
  public void directory(LayerPath path, Attributes attributes) throws UnsafeContentException {
    if (path.isRoot()) {
      root.attributes = attributes;
      return;
    }
    Directory parent = parent(path);
    Directory directory =
        parent.children.get(name(path)) instanceof Directory there ? there : new Directory();
    parent.children.put(name(path), directory);
    directory.attributes = attributes;
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) throws UnsafeContentException {
    put(path, new Leaf(FileStat.Type.REGULAR, attributes, size, new byte[0], 0, 0));
    return new Body() {
      @Override
      public void write(ByteBuffer bytes, long offset) {}

      @Override
      public void close() {}
    };
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws UnsafeContentException {
    put(path, new Leaf(FileStat.Type.SYMLINK, attributes, target.length, target.clone(), 0, 0));
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target) throws UnsafeContentException {
    parent(path).children.remove(name(path));
    deferred.removeIf(link -> link.path.equals(path));
    if (!link(path, target)) {
      deferred.add(new Deferred(path, target));
    }
  }

  private boolean link(LayerPath path, LayerPath target) throws UnsafeContentException {
    Directory parent = walk(target.parent(), false);
    if (parent != null && parent.children.get(name(target)) instanceof Leaf leaf) {
      leaf.linked = true;
      put(path, leaf);
      return true;
    }
    return false;
  }

  @Override
  public void fifo(LayerPath path, Attributes attributes) throws UnsafeContentException {
    put(path, new Leaf(FileStat.Type.FIFO, attributes, 0, new byte[0], 0, 0));
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws UnsafeContentException {
    FileStat.Type type =
        switch (kind) {
          case CHARACTER -> FileStat.Type.CHARACTER_DEVICE;
          case BLOCK -> FileStat.Type.BLOCK_DEVICE;
        };
    put(path, new Leaf(type, attributes, 0, new byte[0], major, minor));
  }

  @Override
  public void whiteout(LayerPath path) throws UnsafeContentException {
    parent(path).children.putIfAbsent(name(path), new Whiteout());
  }

  @Override
  public void opaque(LayerPath path) throws UnsafeContentException {
    walk(path, true);
  }

  /// Makes the links whose target came after them; what is left over is linked when layers are
  /// stacked.
  @Override
  public TreeSummary finish() throws UnsafeContentException {
    int before;
    do {
      before = deferred.size();
      List<Deferred> left = new ArrayList<>();
      for (Deferred link : deferred) {
        if (!link(link.path, link.target)) {
          left.add(link);
        }
      }
      deferred = left;
    } while (deferred.size() < before);
    return TreeSummary.NOTHING;
  }

  @Override
  public void close() {}

  private void put(LayerPath path, Node node) throws UnsafeContentException {
    parent(path).children.put(name(path), node);
  }

  private Directory parent(LayerPath path) throws UnsafeContentException {
    Directory parent = walk(path.parent(), true);
    if (parent == null) {
      throw new IllegalStateException("not made: " + path);
    }
    return parent;
  }

  /// The directory that a path leads to, symlinks followed within the tree.
  ///
  /// @param make whether to make what is missing, or in the way; otherwise null is the answer
  private @Nullable Directory walk(LayerPath path, boolean make) throws UnsafeContentException {
    Deque<String> names = new ArrayDeque<>();
    prepend(names, path.bytes());
    Deque<Directory> at = new ArrayDeque<>(List.of(root));
    int links = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.equals("..")) {
        leave(at);
      } else if (!name.isEmpty() && !name.equals(".")) {
        Node child = at.element().children.get(name);
        if (child instanceof Directory directory) {
          at.push(directory);
        } else if (child instanceof Leaf leaf && leaf.type == FileStat.Type.SYMLINK) {
          follow(leaf.target, names, at);
          if (++links > MAX_LINKS) {
            throw new UnsafeContentException(
                "follow symlinks of %s: more than %d".formatted(path, MAX_LINKS));
          }
        } else if (make) {
          Directory implied = new Directory();
          at.element().children.put(name, implied);
          at.push(implied);
        } else {
          return null;
        }
      }
    }
    return at.element();
  }

  private static void leave(Deque<Directory> at) {
    if (at.size() > 1) {
      at.pop();
    }
  }

  private static void follow(byte[] target, Deque<String> names, Deque<Directory> at) {
    prepend(names, target);
    if (target.length > 0 && target[0] == '/') {
      while (at.size() > 1) {
        at.pop();
      }
    }
  }

  private static void prepend(Deque<String> names, byte[] path) {
    for (String name : List.of(text(path).split("/")).reversed()) {
      names.push(name);
    }
  }

  private static String name(LayerPath path) {
    return text(path.name());
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
