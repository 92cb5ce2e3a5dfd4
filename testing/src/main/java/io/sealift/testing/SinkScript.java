package io.sealift.testing;

import io.sealift.failure.ImageException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.PendingLink;
import io.sealift.unpack.UnpackLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// A small language for layers and trees, one word for an entry:
///
/// | word | entry |
/// |---|---|
/// | `dir:a`, `file:a`, `fifo:a` | told by their names; the content of a file is the number of its word, from 1 |
/// | `link:a->b`, `hard:a->b` | symlink, hard link |
/// | `gone:a`, `opaque:a` | whiteout, opaque directory |
///
/// Trees use further words:
///
/// | word | entry |
/// |---|---|
/// | `implied:a` | a directory without an entry |
/// | `dir:a!` | an opaque directory; `opaque:.` when it is the root |
/// | `file:b=1~a` | the same inode as `a`, which comes before it |
/// | `char:c=1:3`, `block:b=8:1` | devices |
/// | `pending:a->b` | a link for whoever stacks the layers |
final class SinkScript {

  private SinkScript() {}

  static LayerPath path(String text) throws ImageException {
    return LayerPath.of(text.getBytes(StandardCharsets.UTF_8), UnpackLimits.DEFAULT);
  }

  /// Drives a sink.
  static void run(String script, TreeSink sink) throws ImageException {
    int number = 0;
    for (String word : script.strip().split("\\s+", -1)) {
      entry(word, ++number, sink);
    }
  }

  private static void entry(String word, int number, TreeSink sink) throws ImageException {
    String[] parts = word.substring(word.indexOf(':') + 1).split("->", 2);
    LayerPath path = path(parts[0]);
    switch (word.substring(0, word.indexOf(':'))) {
      case "dir" -> sink.directory(path, attributes(0755));
      case "file" -> {
        byte[] content = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
        try (TreeSink.Body body = sink.file(path, attributes(0644), content.length)) {
          body.write(ByteBuffer.wrap(content), 0);
        }
      }
      case "fifo" -> sink.fifo(path, attributes(0644));
      case "link" ->
          sink.symlink(path, parts[1].getBytes(StandardCharsets.UTF_8), attributes(0777));
      case "hard" -> sink.hardLink(path, path(parts[1]));
      case "gone" -> sink.whiteout(path);
      case "opaque" -> sink.opaque(path);
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static Attributes attributes(int mode) {
    return new Attributes(mode, 0, 0, new FileTime(1_000_000_000, 0), List.of());
  }

  /// Tells a finished tree in words.
  static String describe(SortedMap<LayerPath, TreeEntry> tree, TreeSummary summary) {
    Set<LayerPath> implied = new HashSet<>(summary.implied());
    Map<Long, LayerPath> inodes = new HashMap<>();
    List<String> words = new ArrayList<>();
    tree.forEach((path, entry) -> {
      if (!path.isRoot()) {
        words.add(word(path, entry, implied.contains(path)) + link(path, entry, inodes));
      } else if (entry.opaque()) {
        words.add("opaque:.");
      }
    });
    for (PendingLink link : summary.pendingLinks()) {
      words.add("pending:" + link.path() + "->" + link.target());
    }
    return String.join(" ", words);
  }

  private static String word(LayerPath path, TreeEntry entry, boolean implied) {
    String data = new String(entry.data(), StandardCharsets.UTF_8);
    String numbers = "=" + entry.stat().major() + ":" + entry.stat().minor();
    return switch (entry.stat().type()) {
      case DIRECTORY -> (implied ? "implied:" : "dir:") + path + (entry.opaque() ? "!" : "");
      case REGULAR -> "file:" + path + "=" + data;
      case SYMLINK -> "link:" + path + "->" + data;
      case FIFO -> "fifo:" + path;
      case CHARACTER_DEVICE ->
          entry.stat().isWhiteout() ? "gone:" + path : "char:" + path + numbers;
      case BLOCK_DEVICE -> "block:" + path + numbers;
      case SOCKET -> "socket:" + path;
    };
  }

  private static String link(LayerPath path, TreeEntry entry, Map<Long, LayerPath> inodes) {
    if (entry.stat().isWhiteout()) {
      return "";
    }
    LayerPath first = inodes.putIfAbsent(entry.stat().inode(), path);
    return first == null ? "" : "~" + first;
  }
}
