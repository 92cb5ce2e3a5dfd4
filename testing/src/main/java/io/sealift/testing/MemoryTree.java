package io.sealift.testing;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Directories in memory with names in them, and the ways through them.
final class MemoryTree {

  /// Symlinks followed on one path, as many as Linux follows.
  private static final int MAX_LINKS = 40;

  private final MemoryNode.Directory root = new MemoryNode.Directory();

  /// A name in a directory that is there.
  ///
  /// @param directory where that is, symlinks resolved
  @SuppressWarnings("ArrayRecordComponent")
  record Place(MemoryNode.Directory parent, LayerPath directory, byte[] name) {

    LayerPath path() throws UnsafeContentException {
      return join(directory, name);
    }

    String key() {
      return text(name);
    }
  }

  /// Where an entry goes; directories on the way are made.
  Place place(LayerPath path) throws UnsafeContentException {
    return new Walk(path, true).place(path);
  }

  /// The directory that a path leads to, made where it is missing.
  MemoryNode.Directory parent(LayerPath path) throws UnsafeContentException {
    Walk walk = new Walk(path, true);
    walk.go(path);
    return walk.here();
  }

  /// What is at a path, a symlink at its end not followed; null when there is nothing.
  @Nullable MemoryNode find(LayerPath path) throws UnsafeContentException {
    if (path.isRoot()) {
      return root;
    }
    Walk walk = new Walk(path, false);
    return walk.go(path.parent()) ? walk.here().children.get(text(path.name())) : null;
  }

  /// Whether something has a path that was resolved before, or its directory is gone.
  boolean isTaken(LayerPath path) {
    MemoryNode.Directory at = root;
    for (byte[] name : components(path.parent().bytes())) {
      if (!(at.children.get(text(name)) instanceof MemoryNode.Directory next)) {
        return true;
      }
      at = next;
    }
    return at.children.containsKey(text(path.name()));
  }

  /// Takes a directory as it is, or makes one in place of whatever is there.
  MemoryNode.Directory directory(LayerPath path) throws UnsafeContentException {
    if (path.isRoot()) {
      return root;
    }
    Place place = place(path);
    if (place.parent.children.get(place.key()) instanceof MemoryNode.Directory there) {
      return there;
    }
    return make(place.parent, place.key());
  }

  /// Makes a directory in place of whatever is there. What that replaced below stays replaced, and
  /// nothing is taken of it.
  private static MemoryNode.Directory make(MemoryNode.Directory parent, String name) {
    MemoryNode.Directory made = new MemoryNode.Directory();
    made.opaque =
        parent.children.containsKey(name)
            || parent.whiteouts.contains(name)
            || parent.awaited.contains(name);
    made.implied = !made.opaque;
    parent.children.put(name, made);
    return made;
  }

  void put(Place place, MemoryNode node) {
    place.parent.children.put(place.key(), node);
  }

  /// Makes room for a hard link.
  void await(Place place) {
    place.parent.children.remove(place.key());
    place.parent.awaited.add(place.key());
  }

  void whiteout(LayerPath path) throws UnsafeContentException {
    Place place = place(path);
    if (place.parent.children.get(place.key()) instanceof MemoryNode.Directory there) {
      there.opaque = true;
      there.implied = false;
    } else {
      place.parent.whiteouts.add(place.key());
    }
  }

  /// Directories without an entry, parents before what is below them.
  List<LayerPath> implied() throws UnsafeContentException {
    List<LayerPath> found = new ArrayList<>();
    implied(root, LayerPath.ROOT, found);
    return found;
  }

  private static void implied(MemoryNode.Directory directory, LayerPath path, List<LayerPath> found)
      throws UnsafeContentException {
    if (directory.implied) {
      found.add(path);
    }
    for (Map.Entry<String, MemoryNode> child : directory.children.entrySet()) {
      if (child.getValue() instanceof MemoryNode.Directory next) {
        implied(next, join(path, bytes(child.getKey())), found);
      }
    }
  }

  /// All names, also of whiteouts.
  SortedMap<LayerPath, TreeEntry> list() {
    try {
      Listing listing = new Listing();
      listing.add(LayerPath.ROOT, root, root.opaque);
      listing.children(LayerPath.ROOT, root);
      return listing.entries;
    } catch (UnsafeContentException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static LayerPath join(LayerPath directory, byte[] name) throws UnsafeContentException {
    return LayerPath.of(
        TarMember.concat(directory.bytes(), new byte[] {'/'}, name), UnpackLimits.DEFAULT);
  }

  private static List<byte[]> components(byte[] path) {
    List<byte[]> components = new ArrayList<>();
    for (String component : text(path).split("/", -1)) {
      if (!component.isEmpty()) {
        components.add(bytes(component));
      }
    }
    return components;
  }

  private static String text(byte[] latin) {
    return new String(latin, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A walk from the root along a path, never out of it.
  private final class Walk {

    private final LayerPath subject;
    private final boolean make;
    private final Deque<MemoryNode.Directory> way = new ArrayDeque<>(List.of(root));
    private final Deque<byte[]> names = new ArrayDeque<>();
    private int links;

    Walk(LayerPath subject, boolean make) {
      this.subject = subject;
      this.make = make;
    }

    MemoryNode.Directory here() {
      return way.getLast();
    }

    Place place(LayerPath path) throws UnsafeContentException {
      go(path.parent());
      LayerPath directory = LayerPath.ROOT;
      for (byte[] name : names) {
        directory = join(directory, name);
      }
      return new Place(here(), directory, path.name());
    }

    /// @return whether the path led to a directory
    boolean go(LayerPath path) throws UnsafeContentException {
      Deque<byte[]> left = new ArrayDeque<>(components(path.bytes()));
      while (!left.isEmpty()) {
        if (!step(left.removeFirst(), left)) {
          return false;
        }
      }
      return true;
    }

    private boolean step(byte[] name, Deque<byte[]> left) throws UnsafeContentException {
      String text = text(name);
      if (text.equals(".")) {
        return true;
      }
      if (text.equals("..")) {
        names.pollLast();
        if (way.size() > 1) {
          way.removeLast();
        }
        return true;
      }
      MemoryNode next = here().children.get(text);
      if (next instanceof MemoryNode.Symlink symlink) {
        follow(symlink, left);
        return true;
      }
      return enter(name, next);
    }

    private void follow(MemoryNode.Symlink symlink, Deque<byte[]> left)
        throws UnsafeContentException {
      if (++links > MAX_LINKS) {
        throw new UnsafeContentException(
            "follow symlinks of %s: expected at most %d, found more".formatted(subject, MAX_LINKS));
      }
      if (symlink.target.length > 0 && symlink.target[0] == '/') {
        names.clear();
        way.clear();
        way.add(root);
      }
      components(symlink.target).reversed().forEach(left::addFirst);
    }

    private boolean enter(byte[] name, @Nullable MemoryNode next) {
      MemoryNode.Directory directory;
      if (next instanceof MemoryNode.Directory there) {
        directory = there;
      } else if (make) {
        directory = make(here(), text(name));
      } else {
        return false;
      }
      way.add(directory);
      names.add(name);
      return true;
    }
  }

  /// Turns nodes into entries.
  private static final class Listing {

    final SortedMap<LayerPath, TreeEntry> entries = new TreeMap<>();
    private final IdentityHashMap<MemoryNode, Long> inodes = new IdentityHashMap<>();

    void children(LayerPath path, MemoryNode.Directory directory) throws UnsafeContentException {
      for (String name : directory.whiteouts) {
        if (!directory.children.containsKey(name)) {
          entries.put(join(path, bytes(name)), whiteout());
        }
      }
      for (Map.Entry<String, MemoryNode> child : directory.children.entrySet()) {
        LayerPath place = join(path, bytes(child.getKey()));
        if (child.getValue() instanceof MemoryNode.Directory below) {
          add(place, below, below.opaque);
          children(place, below);
        } else {
          add(place, child.getValue(), false);
        }
      }
    }

    void add(LayerPath path, MemoryNode node, boolean opaque) {
      byte[] data =
          switch (node) {
            case MemoryNode.File file -> file.content.clone();
            case MemoryNode.Symlink symlink -> symlink.target.clone();
            case MemoryNode.Directory d -> new byte[0];
            case MemoryNode.Fifo f -> new byte[0];
            case MemoryNode.Device d -> new byte[0];
          };
      SortedMap<String, String> xattrs = new TreeMap<>();
      node.attributes
          .xattrs()
          .forEach(xattr -> xattrs.put(text(xattr.name()), text(xattr.value())));
      entries.put(path, new TreeEntry(stat(node, data.length), data, xattrs, opaque));
    }

    private FileStat stat(MemoryNode node, long size) {
      FileStat.Type type =
          switch (node) {
            case MemoryNode.File f -> FileStat.Type.REGULAR;
            case MemoryNode.Symlink s -> FileStat.Type.SYMLINK;
            case MemoryNode.Directory d -> FileStat.Type.DIRECTORY;
            case MemoryNode.Fifo f -> FileStat.Type.FIFO;
            case MemoryNode.Device device ->
                switch (device.kind) {
                  case CHARACTER -> FileStat.Type.CHARACTER_DEVICE;
                  case BLOCK -> FileStat.Type.BLOCK_DEVICE;
                };
          };
      long inode = inodes.computeIfAbsent(node, any -> inodes.size() + 1L);
      int major = node instanceof MemoryNode.Device device ? device.major : 0;
      int minor = node instanceof MemoryNode.Device device ? device.minor : 0;
      Attributes known = node.attributes;
      return new FileStat(
          type,
          known.mode(),
          known.uid(),
          known.gid(),
          size,
          known.mtime(),
          1,
          inode,
          major,
          minor);
    }

    private static TreeEntry whiteout() {
      FileStat stat =
          new FileStat(FileStat.Type.CHARACTER_DEVICE, 0, 0, 0, 0, new FileTime(0, 0), 1, 0, 0, 0);
      return new TreeEntry(stat, new byte[0], new TreeMap<>(), false);
    }
  }
}
