package io.sealift.store;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.PendingLink;
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

  private static final byte[] NO_TARGET = {};

  private final Directory root = new Directory();
  private List<Awaited> awaited = new ArrayList<>();
  private @Nullable LayerPath replaced;

  /// What a name stands for. Hard links of each other are one object.
  sealed interface Node permits Directory, Leaf, Whiteout, Awaited {}

  static final class Directory implements Node {

    /// Null when the layer has no entry for it.
    @Nullable Attributes attributes;

    /// Whether its attributes are those of a lower layer.
    boolean implied;

    /// Whether it hides what lower layers have in it.
    boolean opaque;

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

    /// Where a sparse file has no data.
    final List<Hole> holes = new ArrayList<>();

    private long written;

    Leaf(
        FileStat.Type type, Attributes attributes, long size, byte[] target, int major, int minor) {
      this.type = type;
      this.attributes = attributes;
      this.size = size;
      this.target = target;
      this.major = major;
      this.minor = minor;
    }

    private void wrote(long offset, int count) {
      holeUpTo(offset);
      written = offset + count;
    }

    private void holeUpTo(long offset) {
      if (offset > written) {
        holes.add(new Hole(written, offset));
      }
    }
  }

  /// @param to the offset behind its last byte
  record Hole(long from, long to) {}

  /// A name that is hidden.
  static final class Whiteout implements Node {}

  /// A hard link whose target has not come; in the end, one to a file of a lower layer.
  static final class Awaited implements Node {
    final Directory parent;
    final String name;
    final LayerPath target;

    private Awaited(Directory parent, String name, LayerPath target) {
      this.parent = parent;
      this.name = name;
      this.target = target;
    }
  }

  ExpectedTree() {
    root.implied = true;
  }

  Directory root() {
    return root;
  }

  /// Where a later entry first took something away by whose name content of the tar was to be
  /// found; null when there is no such place, and the tar's content is all there.
  @Nullable LayerPath replaced() {
    return replaced;
  }

  @Override
  public void directory(LayerPath path, Attributes attributes) throws UnsafeContentException {
    Directory directory = path.isRoot() ? root : directory(parent(path), name(path), path);
    directory.attributes = attributes;
    directory.implied = false;
  }

  /// Takes a directory as it is, or makes one in place of whatever is there.
  private Directory directory(Directory parent, String name, LayerPath entry) {
    Node before = parent.children.get(name);
    if (before instanceof Directory there) {
      return there;
    }
    Directory made = new Directory();
    made.opaque = before != null;
    made.implied = before == null;
    set(parent, name, made, entry);
    return made;
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) throws UnsafeContentException {
    Leaf leaf = new Leaf(FileStat.Type.REGULAR, attributes, size, NO_TARGET, 0, 0);
    put(path, leaf);
    return new Body() {
      @Override
      public void write(ByteBuffer bytes, long offset) {
        leaf.wrote(offset, bytes.remaining());
      }

      @Override
      public void close() {
        leaf.holeUpTo(size);
      }
    };
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws UnsafeContentException {
    put(path, new Leaf(FileStat.Type.SYMLINK, attributes, target.length, target.clone(), 0, 0));
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target) throws UnsafeContentException {
    Directory parent = parent(path);
    Leaf leaf = find(target);
    if (leaf != null) {
      leaf.linked = true;
      set(parent, name(path), leaf, path);
    } else {
      Awaited link = new Awaited(parent, name(path), target);
      set(parent, name(path), link, path);
      awaited.add(link);
    }
  }

  private @Nullable Leaf find(LayerPath path) throws UnsafeContentException {
    Directory parent = walk(path.parent(), false);
    return parent != null && parent.children.get(name(path)) instanceof Leaf leaf ? leaf : null;
  }

  @Override
  public void fifo(LayerPath path, Attributes attributes) throws UnsafeContentException {
    put(path, new Leaf(FileStat.Type.FIFO, attributes, 0, NO_TARGET, 0, 0));
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws UnsafeContentException {
    FileStat.Type type =
        switch (kind) {
          case CHARACTER -> FileStat.Type.CHARACTER_DEVICE;
          case BLOCK -> FileStat.Type.BLOCK_DEVICE;
        };
    put(path, new Leaf(type, attributes, 0, NO_TARGET, major, minor));
  }

  @Override
  public void whiteout(LayerPath path) throws UnsafeContentException {
    Node there = parent(path).children.putIfAbsent(name(path), new Whiteout());
    if (there instanceof Directory directory) {
      directory.opaque = true;
      directory.implied = false;
    }
  }

  @Override
  public void opaque(LayerPath path) throws UnsafeContentException {
    made(path, walk(path, true)).opaque = true;
  }

  /// Makes the links whose target came after them; what is left over is linked when layers are
  /// stacked.
  @Override
  public TreeSummary finish() throws UnsafeContentException {
    int before;
    do {
      before = awaited.size();
      List<Awaited> left = new ArrayList<>();
      for (Awaited link : awaited.reversed()) {
        if (!settle(link)) {
          left.add(link);
        }
      }
      awaited = left;
    } while (awaited.size() < before);
    List<LayerPath> implied = new ArrayList<>();
    List<PendingLink> pending = new ArrayList<>();
    summarise(LayerPath.ROOT, root, implied, pending);
    return new TreeSummary(implied, pending, List.of(), List.of());
  }

  private static void summarise(
      LayerPath path, Directory directory, List<LayerPath> implied, List<PendingLink> pending)
      throws UnsafeContentException {
    if (directory.implied) {
      implied.add(path);
    }
    for (Map.Entry<String, Node> entry : directory.children.entrySet()) {
      LayerPath place = child(path, entry.getKey());
      switch (entry.getValue()) {
        case Directory below -> summarise(place, below, implied, pending);
        case Awaited link -> pending.add(new PendingLink(place, link.target));
        case Leaf _, Whiteout _ -> {}
      }
    }
  }

  /// @return false when the link's target is still to come
  private boolean settle(Awaited link) throws UnsafeContentException {
    if (link.parent.children.get(link.name) != link) {
      return true; // a later entry took the name
    }
    Leaf leaf = find(link.target);
    if (leaf != null) {
      leaf.linked = true;
      link.parent.children.put(link.name, leaf);
    }
    return leaf != null;
  }

  @Override
  public void close() {}

  private void put(LayerPath path, Node node) throws UnsafeContentException {
    set(parent(path), name(path), node, path);
  }

  private void set(Directory parent, String name, Node node, LayerPath entry) {
    Node before = parent.children.put(name, node);
    boolean held =
        switch (before) {
          case null -> false;
          case Directory directory -> !directory.children.isEmpty();
          case Leaf leaf -> leaf.type == FileStat.Type.SYMLINK || leaf.size > 0;
          case Whiteout _, Awaited _ -> false;
        };
    if (held && before != node && replaced == null) {
      replaced = entry;
    }
  }

  private Directory parent(LayerPath path) throws UnsafeContentException {
    return made(path, walk(path.parent(), true));
  }

  private static Directory made(LayerPath path, @Nullable Directory directory) {
    if (directory == null) {
      throw new IllegalStateException("not made: " + path);
    }
    return directory;
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
          at.push(directory(at.element(), name, path));
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

  static LayerPath child(LayerPath parent, String name) throws UnsafeContentException {
    String path = parent.isRoot() ? name : text(parent.bytes()) + "/" + name;
    return LayerPath.of(bytes(path), LayerFile.ANY_PATH);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
