package io.sealift.browse;

import io.sealift.browse.Node.Folder;
import io.sealift.browse.Node.Leaf;
import io.sealift.browse.Node.Pending;
import io.sealift.browse.Node.Properties;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One layer as names and attributes: the sink that keeps no content. Deletions and opaque
/// directories are kept until {@link LayerMerge} needs them.
final class LayerListing implements TreeSink {

  private final int index;
  private final Budget budget;
  private final Tree tree;
  private final List<Pending> pending = new ArrayList<>();
  private long files;
  private boolean finished;

  LayerListing(int index, Budget budget) {
    this.index = index;
    this.budget = budget;
    this.tree = new Tree(budget);
  }

  /// Gives back what of the budget it took.
  void forget() {
    budget.giveBack();
  }

  Folder root() {
    return tree.root;
  }

  boolean isFinished() {
    return finished;
  }

  @Override
  public void directory(LayerPath path, Attributes attributes) throws UnsafeContentException {
    Folder folder = path.isRoot() ? tree.root : folderAt(path);
    folder.properties = properties(Entry.Type.DIRECTORY, attributes, 0, null, 0, 0);
  }

  /// The directory that the layer has there, or a new one in the place of anything else.
  private Folder folderAt(LayerPath path) throws UnsafeContentException {
    Folder parent = parent(path);
    String name = text(path.name());
    if (parent.children.get(name) instanceof Folder there) {
      return there;
    }
    budget.take(name.length());
    Folder made = new Folder();
    parent.children.put(name, made);
    return made;
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) throws UnsafeContentException {
    FileContent content = new FileContent(index, files++, size);
    put(path, new Leaf(properties(Entry.Type.REGULAR, attributes, size, null, 0, 0), content));
    return NoBody.INSTANCE;
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws UnsafeContentException {
    budget.take(target.length);
    put(
        path,
        new Leaf(
            properties(Entry.Type.SYMLINK, attributes, target.length, text(target), 0, 0), null));
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target) throws UnsafeContentException {
    if ((text(target.bytes()) + "/").startsWith(text(path.bytes()) + "/")) {
      throw new UnsafeContentException(
          "list hard link %s to %s: it would replace its target".formatted(path, target));
    }
    Pending link = new Pending(path, target, parent(path), text(path.name()));
    Node there = target(link, tree);
    if (there instanceof Leaf) {
      put(path, there);
    } else {
      put(path, link);
      pending.add(link);
    }
  }

  /// What the tree has where the link leads to; null when that is nothing.
  private static @Nullable Node target(Pending link, Tree tree) throws UnsafeContentException {
    Tree.Found found = tree.find(text(link.target.bytes()), false);
    if (found != null && found.node() instanceof Folder) {
      throw new UnsafeContentException(
          "list hard link %s to %s: expected no directory".formatted(link.path, link.target));
    }
    return found == null ? null : found.node();
  }

  /// Makes the hard links whose targets this layer lacks.
  ///
  /// @param below the layers below, merged
  void linkInto(Tree below) throws UnsafeContentException {
    settle(below);
    for (Pending link : pending) {
      if (!isReplaced(link)) {
        throw new UnsafeContentException(
            "list hard link %s to %s: neither its layer nor one below has the target"
                .formatted(link.path, link.target));
      }
    }
  }

  /// Makes the links that can be made, each looked at once: a link may lead to another one.
  private void settle(@Nullable Tree below) throws UnsafeContentException {
    Set<Pending> seen = new HashSet<>();
    for (Pending first : pending) {
      List<Pending> chain = new ArrayList<>();
      Node at = first;
      while (at instanceof Pending link && seen.add(link)) {
        chain.add(link);
        at = target(link, tree);
        if (at == null && below != null) {
          at = target(link, below);
        }
      }
      if (at instanceof Leaf leaf) {
        chain.forEach(link -> link.folder.children.replace(link.name, link, leaf));
      }
    }
  }

  private static boolean isReplaced(Pending link) {
    return link.folder.children.get(link.name) != link;
  }

  @Override
  public void fifo(LayerPath path, Attributes attributes) throws UnsafeContentException {
    put(path, new Leaf(properties(Entry.Type.FIFO, attributes, 0, null, 0, 0), null));
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws UnsafeContentException {
    Entry.Type type =
        switch (kind) {
          case CHARACTER -> Entry.Type.CHARACTER_DEVICE;
          case BLOCK -> Entry.Type.BLOCK_DEVICE;
        };
    put(path, new Leaf(properties(type, attributes, 0, null, major, minor), null));
  }

  @Override
  public void whiteout(LayerPath path) throws UnsafeContentException {
    refuseRoot(path);
    String name = text(path.name());
    budget.take(name.length());
    parent(path).deleted.add(name);
  }

  @Override
  public void opaque(LayerPath path) throws UnsafeContentException {
    tree.make(text(path.bytes())).opaque = true;
  }

  @Override
  public TreeSummary finish() throws UnsafeContentException {
    settle(null);
    finished = true;
    return TreeSummary.NOTHING;
  }

  @Override
  public void close() {}

  private void put(LayerPath path, Node node) throws UnsafeContentException {
    refuseRoot(path);
    String name = text(path.name());
    budget.take(name.length());
    parent(path).children.put(name, node);
  }

  private static void refuseRoot(LayerPath path) throws UnsafeContentException {
    if (path.isRoot()) {
      throw new UnsafeContentException("list layer: its root is something else than a directory");
    }
  }

  private Folder parent(LayerPath path) throws UnsafeContentException {
    return tree.make(text(path.parent().bytes()));
  }

  private Properties properties(
      Entry.Type type,
      Attributes attributes,
      long size,
      @Nullable String target,
      int major,
      int minor)
      throws UnsafeContentException {
    for (Xattr xattr : attributes.xattrs()) {
      budget.take(xattr.name().length);
    }
    return new Properties(
        type,
        attributes.mode(),
        attributes.uid(),
        attributes.gid(),
        size,
        attributes.mtime(),
        target,
        attributes.xattrs().stream().map(Xattr::name).toList(),
        major,
        minor);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private enum NoBody implements Body {
    INSTANCE;

    @Override
    public void write(ByteBuffer bytes, long offset) {
      bytes.position(bytes.limit());
    }

    @Override
    public void close() {}
  }
}
