package io.sealift.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A layer that is written below a scratch directory, with a tree beside it that nothing may touch.
/// Paths and contents are Latin-1 here, so that any byte can be written. Entries belong to the user
/// who runs the test unless they say otherwise.
final class LayerFixture implements AutoCloseable {

  static final FileTime TIME = new FileTime(1_234_567_890L, 123_456_789);

  private static final UnpackLimits LIMITS =
      new UnpackLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, 1 << 20, 1 << 20, 1 << 30, 1, 1, 1);

  final Path base;
  final Path root;
  final Path canary;
  private final List<String> canaryBefore;
  private final DirectorySink sink;

  LayerFixture(Path base) throws IOException, ImageException {
    this(base, true);
  }

  LayerFixture(Path base, boolean openat2) throws IOException, ImageException {
    this.base = base;
    this.root = Files.createDirectory(base.resolve("layer"));
    this.canary = Files.createDirectory(base.resolve("canary"));
    Files.writeString(canary.resolve("keep"), "kept");
    Files.createDirectory(canary.resolve("inside"));
    this.canaryBefore = lines(canary);
    this.sink = DirectorySink.open(root, openat2);
  }

  static LayerPath path(String latin1) throws ImageException {
    return latin1.equals(".") ? LayerPath.ROOT : LayerPath.of(bytes(latin1), LIMITS);
  }

  static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  static Attributes mine(int mode, Xattr... xattrs) {
    try (Kernel kernel = Kernel.open()) {
      Identity me = Identity.of(kernel);
      return new Attributes(mode, me.uid(), me.gid(), TIME, List.of(xattrs));
    }
  }

  static Attributes owned(int mode, long uid, long gid, Xattr... xattrs) {
    return new Attributes(mode, uid, gid, TIME, List.of(xattrs));
  }

  static Xattr xattr(String name, String value) {
    return new Xattr(bytes(name), bytes(value));
  }

  TreeSink sink() {
    return sink;
  }

  LayerFixture directory(String path) throws ImageException {
    return directory(path, mine(0755));
  }

  LayerFixture directory(String path, Attributes attributes) throws ImageException {
    sink.directory(path(path), attributes);
    return this;
  }

  LayerFixture file(String path, String content) throws ImageException {
    return file(path, content, mine(0644));
  }

  LayerFixture file(String path, String content, Attributes attributes) throws ImageException {
    byte[] bytes = bytes(content);
    try (TreeSink.Body body = sink.file(path(path), attributes, bytes.length)) {
      body.write(ByteBuffer.wrap(bytes), 0);
    }
    return this;
  }

  LayerFixture symlink(String path, String target) throws ImageException {
    sink.symlink(path(path), bytes(target), mine(0777));
    return this;
  }

  LayerFixture hardLink(String path, String target) throws ImageException {
    sink.hardLink(path(path), path(target));
    return this;
  }

  LayerFixture whiteout(String path) throws ImageException {
    sink.whiteout(path(path));
    return this;
  }

  LayerFixture opaque(String path) throws ImageException {
    sink.opaque(path(path));
    return this;
  }

  LayerFixture fifo(String path, Attributes attributes) throws ImageException {
    sink.fifo(path(path), attributes);
    return this;
  }

  /// Makes entries from words: `dir a`, `file a/b`, `link l -> /etc`, `hard h = a/b`, `fifo p`,
  /// `whiteout w`, `opaque d`; separated by `;`. The content of a file is its place in the list.
  LayerFixture script(String script) throws ImageException {
    int number = 0;
    for (String line : script.split(";", -1)) {
      String[] words = line.trim().split(" ", -1);
      switch (words[0]) {
        case "dir" -> directory(words[1]);
        case "file" -> file(words[1], Integer.toString(number));
        case "link" -> symlink(words[1], words[3]);
        case "hard" -> hardLink(words[1], words[3]);
        case "fifo" -> fifo(words[1], mine(0600));
        case "whiteout" -> whiteout(words[1]);
        case "opaque" -> opaque(words[1]);
        default -> throw new IllegalArgumentException(line);
      }
      number++;
    }
    return this;
  }

  TreeSummary finish() throws ImageException {
    TreeSummary summary = sink.finish();
    sink.close();
    return summary;
  }

  /// The finished tree, one line for each entry below the root, in the order of names.
  List<String> lines() throws ImageException {
    return lines(root);
  }

  static List<String> lines(Path root) throws ImageException {
    List<String> lines = new ArrayList<>();
    try (RootFiles files = TreeFiles.open(root)) {
      list(files, "", root, lines);
    }
    return lines;
  }

  private static void list(RootFiles files, String at, Path root, List<String> lines)
      throws ImageException {
    for (byte[] name : files.names(path(at.isEmpty() ? "." : at)).orElseThrow()) {
      String text = new String(name, StandardCharsets.ISO_8859_1);
      String child = at.isEmpty() ? text : at + "/" + text;
      FileStat stat = files.stat(path(child)).orElseThrow();
      lines.add(line(files, child, stat, root));
      if (stat.type() == FileStat.Type.DIRECTORY) {
        list(files, child, root, lines);
      }
    }
  }

  private static String line(RootFiles files, String child, FileStat stat, Path root)
      throws ImageException {
    String mode = Integer.toOctalString(stat.permissions());
    return switch (stat.type()) {
      case DIRECTORY -> "dir " + mode + " " + child + (isOpaque(root, child) ? " opaque" : "");
      case REGULAR ->
          "file "
              + mode
              + " "
              + child
              + " "
              + new String(
                  files.read(path(child), 1 << 20).orElseThrow(), StandardCharsets.ISO_8859_1);
      case SYMLINK ->
          "link "
              + child
              + " -> "
              + new String(files.link(path(child)).orElseThrow(), StandardCharsets.ISO_8859_1);
      case CHARACTER_DEVICE ->
          stat.isWhiteout()
              ? "whiteout " + child
              : "chr %s %s %d:%d".formatted(mode, child, stat.major(), stat.minor());
      case BLOCK_DEVICE -> "blk %s %s %d:%d".formatted(mode, child, stat.major(), stat.minor());
      case FIFO -> "fifo " + mode + " " + child;
      case SOCKET -> "socket " + mode + " " + child;
    };
  }

  private static boolean isOpaque(Path root, String directory) throws ImageException {
    for (Xattr xattr : xattrs(root, directory)) {
      if (OverlayMarks.isOpaque(xattr)) {
        return true;
      }
    }
    return false;
  }

  /// The extended attributes of an entry, `name=value`, sorted.
  List<String> xattrs(String path) throws ImageException {
    List<String> texts = new ArrayList<>();
    for (Xattr xattr : xattrs(root, path)) {
      texts.add(
          new String(xattr.name(), StandardCharsets.ISO_8859_1)
              + "="
              + new String(xattr.value(), StandardCharsets.ISO_8859_1));
    }
    texts.sort(null);
    return texts;
  }

  static List<Xattr> xattrs(Path root, String path) throws StoreException {
    try (Kernel kernel = Kernel.open();
        RootDir directory = RootDir.open(kernel, root)) {
      Xattrs xattrs = new Xattrs(kernel, new Losses());
      TreePath place = new TreePath(bytes(path));
      int parent = directory.openBeneath(place.parent(), Flags.OPEN_DIRECTORY);
      try {
        return xattrs.allAt(parent, path.isEmpty() ? bytes(".") : place.name(), path);
      } finally {
        kernel.closeDescriptor(parent);
      }
    }
  }

  FileStat stat(String path) throws ImageException {
    try (RootFiles files = TreeFiles.open(root)) {
      return files.stat(path(path)).orElseThrow();
    }
  }

  void assertCanaryUntouched() throws ImageException {
    assertEquals(canaryBefore, lines(canary));
  }

  /// Also removes the tree, which is more than JUnit manages where it is deep.
  @Override
  public void close() throws StoreException {
    sink.close();
    TreeFiles.remove(root);
  }
}
