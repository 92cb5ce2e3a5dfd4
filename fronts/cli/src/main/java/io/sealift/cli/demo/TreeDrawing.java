package io.sealift.cli.demo;

import io.sealift.cli.console.Sizes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A directory with everything below it, drawn with branches. For trees of the demonstration's own
/// making.
public final class TreeDrawing {

  private final List<String> lines = new ArrayList<>();

  private TreeDrawing() {}

  /// A line for each entry, names in order.
  public static List<String> of(Path root) throws IOException {
    TreeDrawing drawing = new TreeDrawing();
    drawing.lines.add("/");
    drawing.below(root, "");
    return drawing.lines;
  }

  private void below(Path directory, String indent) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    }
    Collections.sort(children);
    for (Path child : children) {
      boolean last = child.equals(children.getLast());
      lines.add(indent + (last ? "└── " : "├── ") + describe(child));
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        below(child, indent + (last ? "    " : "│   "));
      }
    }
  }

  private static String describe(Path path) throws IOException {
    String name = path.getFileName().toString();
    if (Files.isSymbolicLink(path)) {
      return name + " -> " + Files.readSymbolicLink(path);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return name + "/  " + mode;
    }
    int names = (int) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    return name
        + "  "
        + mode
        + "  "
        + Sizes.format(Files.size(path))
        + (names > 1 ? "  " + names + " names" : "");
  }
}
