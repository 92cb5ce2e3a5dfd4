package io.sealift.testing.snapshot;

import io.sealift.failure.ImageException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A tree as lines that tests compare: type and mode, path, and the content of files or the text of
/// links, in the order of the paths, without the root.
final class TreeListing {

  private static final int MAX_FILE_BYTES = 1 << 16;

  private final RootFiles files;
  private final List<String> lines = new ArrayList<>();

  private TreeListing(RootFiles files) {
    this.files = files;
  }

  static List<String> of(RootFiles files) throws ImageException {
    TreeListing listing = new TreeListing(files);
    listing.directory("");
    return listing.lines;
  }

  static LayerPath path(String text) throws ImageException {
    return LayerPath.of(text.getBytes(StandardCharsets.UTF_8), UnpackLimits.DEFAULT);
  }

  private void directory(String path) throws ImageException {
    for (byte[] name : files.names(path(path)).orElseThrow()) {
      String text = new String(name, StandardCharsets.UTF_8);
      entry(path.isEmpty() ? text : path + "/" + text);
    }
  }

  private void entry(String path) throws ImageException {
    FileStat stat = files.stat(path(path)).orElseThrow();
    String mode = Integer.toOctalString(stat.permissions());
    switch (stat.type()) {
      case DIRECTORY -> {
        lines.add("dir %s %s".formatted(mode, path));
        directory(path);
      }
      case REGULAR ->
          lines.add(
              "file %s %s '%s'"
                  .formatted(
                      mode, path, text(files.read(path(path), MAX_FILE_BYTES).orElseThrow())));
      case SYMLINK ->
          lines.add("link %s -> %s".formatted(path, text(files.link(path(path)).orElseThrow())));
      default -> lines.add("%s %s %s".formatted(stat.type(), mode, path));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
