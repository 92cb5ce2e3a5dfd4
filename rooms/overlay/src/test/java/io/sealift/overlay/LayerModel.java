package io.sealift.overlay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.ImageException;
import io.sealift.unpack.TreeSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What applying layers one after the other gives, at its plainest, and random layers to apply.
final class LayerModel {

  /// The lower layers lack what a hard link needs.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final String[] NAMES = {"a", "b", "\u00e9\u00ff"};
  private static final int DEPTH = 3;

  /// One layer: what it has at each path, and what it hides.
  record Layer(Map<String, Entry> entries, Set<String> whiteouts, Set<String> opaques) {

    void write(TreeSink sink) throws ImageException {
      for (String path : opaques) {
        sink.opaque(TestLayers.path(path));
      }
      for (Map.Entry<String, Entry> entry : entries.entrySet()) {
        entry.getValue().write(sink, entry.getKey());
      }
      for (String path : whiteouts) {
        sink.whiteout(TestLayers.path(path));
      }
    }

    /// Whether nothing of this layer is at a path, and only directories are above it.
    boolean isFree(String path) {
      if (hasBelow(path) || entries.containsKey(path) || isMarked(path)) {
        return false;
      }
      for (String above = parent(path); !above.isEmpty(); above = parent(above)) {
        Entry entry = entries.get(above);
        if (whiteouts.contains(above) || (entry != null && entry.kind != 'd')) {
          return false;
        }
      }
      return true;
    }

    private boolean isMarked(String path) {
      return whiteouts.contains(path) || opaques.contains(path);
    }

    /// Whether something of this layer is at a path: links to it are links within the layer.
    boolean isOwn(String path) {
      return entries.containsKey(path) || opaques.contains(path) || hasBelow(path);
    }

    private boolean hasBelow(String path) {
      String start = path + "/";
      return entries.keySet().stream().anyMatch(entry -> entry.startsWith(start))
          || opaques.stream().anyMatch(entry -> entry.startsWith(start))
          || whiteouts.stream().anyMatch(entry -> entry.startsWith(start));
    }
  }

  /// @param kind `d` directory, `f` file, `l` symlink, `h` hard link
  record Entry(char kind, int mode, long time, String text) {

    void write(TreeSink sink, String path) throws ImageException {
      switch (kind) {
        case 'd' -> TestLayers.directory(sink, path, mode, time);
        case 'f' -> TestLayers.file(sink, path, mode, time, text);
        case 'l' ->
            sink.symlink(
                TestLayers.path(path), text.getBytes(US_ASCII), TestLayers.unchecked(0777, time));
        default -> sink.hardLink(TestLayers.path(path), TestLayers.path(text));
      }
    }
  }

  /// A layer of a few entries; links lead anywhere.
  ///
  /// @param names of files of earlier layers, to which those of this one are added
  static Layer random(Random random, List<String> names) {
    Layer layer = new Layer(new LinkedHashMap<>(), new HashSet<>(), new HashSet<>());
    if (random.nextInt(20) == 0) {
      layer.opaques.add("");
    }
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String path = randomPath(random);
      int kind = random.nextInt(10);
      int mode = 0700 | random.nextInt(0100);
      long time = 1L + random.nextInt(1_000_000_000);
      if (layer.isFree(path)) {
        switch (kind) {
          case 0, 1, 2 -> layer.entries.put(path, new Entry('d', mode, time, ""));
          case 3, 4, 7 -> layer.entries.put(path, new Entry('f', mode, time, "file" + time));
          case 5 -> layer.entries.put(path, new Entry('l', 0777, time, "nowhere/" + time));
          case 6 -> layer.entries.put(path, new Entry('h', 0, 0, target(random, names)));
          case 8 -> layer.whiteouts.add(path);
          default -> layer.opaques.add(path);
        }
      }
    }
    layer.entries.forEach((path, entry) -> {
      if (entry.kind != 'd') {
        names.add(path);
      }
    });
    return layer;
  }

  private static String target(Random random, List<String> names) {
    return names.isEmpty() || random.nextInt(12) == 0
        ? randomPath(random)
        : names.get(random.nextInt(names.size()));
  }

  private static String randomPath(Random random) {
    StringBuilder path = new StringBuilder(NAMES[random.nextInt(NAMES.length)]);
    for (int depth = 1; depth < DEPTH && random.nextInt(3) > 0; depth++) {
      path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
    }
    return path.toString();
  }

  /// A node of the tree; the same one under several names is one inode.
  private static final class Node {
    char kind;
    int mode;
    long time;
    String text = "";
    final Map<String, Node> children = new TreeMap<>();
  }

  private final Node root = new Node();

  void apply(Layer layer) throws Refused {
    Map<String, Node> links = links(layer);
    for (String path : layer.opaques) {
      Node hidden = find(path);
      if (hidden != null) {
        hidden.children.clear();
      }
    }
    for (String path : layer.whiteouts) {
      Node parent = find(parent(path));
      if (parent != null) {
        parent.children.remove(name(path));
      }
    }
    for (String path : layer.opaques) {
      directory(path);
    }
    layer.entries.forEach((path, entry) -> {
      if (entry.kind == 'd') {
        Node node = directory(path);
        node.mode = entry.mode;
        node.time = entry.time;
      } else if (entry.kind != 'h') {
        Node node = new Node();
        node.kind = entry.kind;
        node.mode = entry.mode;
        node.time = entry.time;
        node.text = entry.text;
        put(path, node);
      }
    });
    layer.whiteouts.forEach(path -> directory(parent(path)));
    links.forEach(this::put);
    ownLinks(layer);
  }

  /// Links to what the layers below have.
  private Map<String, Node> links(Layer layer) throws Refused {
    Map<String, Node> links = new LinkedHashMap<>();
    for (Map.Entry<String, Entry> entry : layer.entries.entrySet()) {
      if (entry.getValue().kind == 'h' && !layer.isOwn(entry.getValue().text)) {
        Node node = find(entry.getValue().text);
        if (node == null || node.kind == 'd') {
          throw new Refused();
        }
        links.put(entry.getKey(), node);
      }
    }
    return links;
  }

  private void ownLinks(Layer layer) throws Refused {
    Map<String, String> left = new LinkedHashMap<>();
    layer.entries.forEach((path, entry) -> {
      if (entry.kind == 'h' && layer.isOwn(entry.text)) {
        left.put(path, entry.text);
      }
    });
    left.keySet().forEach(path -> directory(parent(path)));
    while (!left.isEmpty()) {
      int before = left.size();
      for (Map.Entry<String, String> link : Map.copyOf(left).entrySet()) {
        if (!left.containsKey(link.getValue())) {
          Node node = find(link.getValue());
          if (node == null || node.kind == 'd') {
            throw new Refused();
          }
          put(link.getKey(), node);
          left.remove(link.getKey());
        }
      }
      if (left.size() == before) {
        throw new Refused();
      }
    }
  }

  private void put(String path, Node node) {
    directory(parent(path)).children.put(name(path), node);
  }

  /// A directory that is made where there is none.
  private Node directory(String path) {
    if (path.isEmpty()) {
      return root;
    }
    Node parent = directory(parent(path));
    Node there = parent.children.get(name(path));
    if (there == null || there.kind != 'd') {
      there = new Node();
      there.kind = 'd';
      there.mode = 0755;
      there.time = Long.MAX_VALUE;
      parent.children.put(name(path), there);
    }
    return there;
  }

  private @Nullable Node find(String path) {
    Node at = root;
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        at = at == null ? null : at.children.get(name);
      }
    }
    return at;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// The tree as {@link TestLayers#lines} has it.
  List<String> lines() {
    IdentityHashMap<Node, Integer> names = new IdentityHashMap<>();
    count(root, names);
    List<String> lines = new ArrayList<>();
    lines(root, "", lines, names, new IdentityHashMap<>());
    return lines;
  }

  private static void count(Node node, IdentityHashMap<Node, Integer> names) {
    for (Node child : node.children.values()) {
      names.merge(child, 1, Integer::sum);
      count(child, names);
    }
  }

  private static void lines(
      Node directory,
      String prefix,
      List<String> lines,
      IdentityHashMap<Node, Integer> names,
      IdentityHashMap<Node, Integer> inodes) {
    directory.children.forEach((name, node) -> {
      String path = prefix + name;
      String line =
          switch (node.kind) {
            case 'd' ->
                "DIRECTORY %o %s %s"
                    .formatted(node.mode, node.time == Long.MAX_VALUE ? "-" : "" + node.time, path);
            case 'f' -> "REGULAR %o %d %s '%s'".formatted(node.mode, node.time, path, node.text);
            default -> "SYMLINK 777 %d %s -> %s".formatted(node.time, path, node.text);
          };
      boolean linked = node.kind != 'd' && names.getOrDefault(node, 0) > 1;
      lines.add(linked ? line + " =" + inodes.computeIfAbsent(node, any -> inodes.size()) : line);
      lines(node, path + "/", lines, names, inodes);
    });
  }
}
