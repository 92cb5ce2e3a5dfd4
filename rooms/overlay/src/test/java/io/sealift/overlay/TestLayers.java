package io.sealift.overlay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sealift.failure.ImageException;
import io.sealift.linux.TreeFiles;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.UnpackLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Layers of tests, written by a snapshotter's sink, and trees as lines. Names are Latin-1 here, so
/// that any byte can be in them.
final class TestLayers {

  /// Before this, in seconds, everything in the layers of tests was changed.
  static final long LATEST = 1_500_000_000;

  private final Snapshotter snapshotter;
  private final Path directory;
  private int count;

  TestLayers(Snapshotter snapshotter, Path directory) {
    this.snapshotter = snapshotter;
    this.directory = directory;
  }

  interface Content {
    void write(TreeSink sink) throws ImageException;
  }

  LayerTree layer(Content content) throws ImageException, IOException {
    Path tree = Files.createDirectories(directory.resolve("layer" + count++));
    try (TreeSink sink = snapshotter.sink(tree)) {
      content.write(sink);
      return new LayerTree(tree, sink.finish());
    }
  }

  /// Merges layers into one plain tree. What is given several times is copied for its lower places,
  /// as an image that repeats a layer is unpacked several times.
  static void flatten(Snapshotter snapshotter, List<LayerTree> layers, Path target)
      throws ImageException, IOException {
    try (Flattening flattening = snapshotter.flatten(target)) {
      for (int i = 0; i < layers.size(); i++) {
        LayerTree layer = layers.get(i);
        boolean again = layers.subList(i + 1, layers.size()).contains(layer);
        flattening.add(again ? copied(layer) : layer);
      }
      flattening.finish();
    }
  }

  private static LayerTree copied(LayerTree layer) throws ImageException, IOException {
    Path copy = Files.createTempDirectory(layer.directory().getParent(), "copy");
    TreeFiles.copy(layer.directory(), copy);
    return new LayerTree(copy, layer.summary());
  }

  static LayerPath path(String latin) throws ImageException {
    return LayerPath.of(latin.getBytes(ISO_8859_1), UnpackLimits.DEFAULT);
  }

  static Attributes attributes(int mode, long time) throws IOException {
    Path home = Path.of("/proc/self");
    long uid = Integer.toUnsignedLong((Integer) Files.getAttribute(home, "unix:uid"));
    long gid = Integer.toUnsignedLong((Integer) Files.getAttribute(home, "unix:gid"));
    return new Attributes(mode, uid, gid, new FileTime(time, 5), List.of());
  }

  static void file(TreeSink sink, String path, int mode, long time, String content)
      throws ImageException {
    byte[] bytes = content.getBytes(ISO_8859_1);
    try (TreeSink.Body body = sink.file(path(path), unchecked(mode, time), bytes.length)) {
      body.write(ByteBuffer.wrap(bytes), 0);
    }
  }

  static void file(TreeSink sink, String path, String content) throws ImageException {
    file(sink, path, 0644, 1000, content);
  }

  static void directory(TreeSink sink, String path, int mode, long time) throws ImageException {
    sink.directory(path(path), unchecked(mode, time));
  }

  static Attributes unchecked(int mode, long time) {
    try {
      return attributes(mode, time);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// Every entry but the root: type, mode, seconds of its time, path, content, and `=N` for the
  /// N-th inode that is seen under several names. A time that no layer gave is a dash.
  static List<String> lines(Snapshotter snapshotter, Path root) throws ImageException {
    try (RootFiles files = snapshotter.open(root)) {
      Map<String, FileStat> stats = new LinkedHashMap<>();
      collect(files, "", stats);
      Map<Long, Integer> names = new HashMap<>();
      for (FileStat stat : stats.values()) {
        names.merge(stat.inode(), 1, Integer::sum);
      }
      Map<Long, Integer> inodes = new HashMap<>();
      List<String> lines = new ArrayList<>();
      for (Map.Entry<String, FileStat> entry : stats.entrySet()) {
        long inode = entry.getValue().inode();
        String line = line(files, entry.getKey(), entry.getValue());
        lines.add(
            names.getOrDefault(inode, 0) > 1
                ? line + " =" + inodes.computeIfAbsent(inode, any -> inodes.size())
                : line);
      }
      return lines;
    }
  }

  private static void collect(RootFiles files, String directory, Map<String, FileStat> stats)
      throws ImageException {
    for (byte[] bytes : files.names(path(directory)).orElseThrow()) {
      String name = new String(bytes, ISO_8859_1);
      String path = directory.isEmpty() ? name : directory + "/" + name;
      FileStat stat = files.stat(path(path)).orElseThrow();
      stats.put(path, stat);
      if (stat.type() == FileStat.Type.DIRECTORY) {
        collect(files, path, stats);
      }
    }
  }

  private static String line(RootFiles files, String path, FileStat stat) throws ImageException {
    String content =
        switch (stat.type()) {
          case REGULAR ->
              " '" + new String(files.read(path(path), 1 << 16).orElseThrow(), ISO_8859_1) + "'";
          case SYMLINK -> " -> " + new String(files.link(path(path)).orElseThrow(), ISO_8859_1);
          default -> "";
        };
    long seconds = stat.mtime().seconds();
    return "%s %o %s %s%s"
        .formatted(
            stat.type(),
            stat.permissions(),
            seconds > LATEST ? "-" : Long.toString(seconds),
            path,
            content);
  }
}
