package io.sealift.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sealift.failure.ImageException;
import io.sealift.overlay.CopySnapshotter;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.tar.Printable;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A tree of files as lines that tests compare, in the order of the paths, without the root: type
/// and mode, path, text of links, content of files, and `=N` for a file seen as the N-th before.
/// Bytes that are no printable ASCII or UTF-8 appear as `\xNN`.
final class TreeLines {

  /// Bytes of a file whose content is shown.
  private static final int MAX_FILE_BYTES = 1 << 12;

  private final RootFiles files;
  private final Map<Long, Integer> seen = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  private TreeLines(RootFiles files) {
    this.files = files;
  }

  static List<String> of(Path root) throws ImageException {
    try (RootFiles files = new CopySnapshotter().open(root)) {
      TreeLines tree = new TreeLines(files);
      tree.directory("");
      return tree.lines;
    }
  }

  /// A path whose characters are its bytes.
  static LayerPath path(String latin) throws ImageException {
    return LayerPath.of(latin.getBytes(ISO_8859_1), UnpackLimits.UNBOUNDED);
  }

  private void directory(String path) throws ImageException {
    for (byte[] name : files.names(path(path)).orElseThrow()) {
      entry(path + new String(name, ISO_8859_1));
    }
  }

  private void entry(String path) throws ImageException {
    FileStat stat = files.stat(path(path)).orElseThrow();
    String shown = Printable.of(path.getBytes(ISO_8859_1));
    int number = seen.size();
    Integer first = stat.links() > 1 ? seen.putIfAbsent(stat.inode(), number) : null;
    if (first != null && stat.type() != FileStat.Type.DIRECTORY) {
      lines.add("%s =%d".formatted(shown, first));
      return;
    }
    switch (stat.type()) {
      case DIRECTORY -> {
        lines.add("%s/ %o".formatted(shown, stat.permissions()));
        directory(path + "/");
      }
      case REGULAR -> lines.add("%s %o%s".formatted(shown, stat.permissions(), content(path)));
      case SYMLINK ->
          lines.add(
              "%s -> %s".formatted(shown, Printable.of(files.link(path(path)).orElseThrow())));
      default -> lines.add("%s %s %o".formatted(shown, stat.type(), stat.permissions()));
    }
  }

  private String content(String path) throws ImageException {
    byte[] bytes = files.read(path(path), MAX_FILE_BYTES).orElseThrow();
    return bytes.length == 0 ? "" : " " + Printable.of(bytes);
  }
}
