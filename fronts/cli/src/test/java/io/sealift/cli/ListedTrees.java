package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Trees in one directory as `bench/list-tree` lists them: a program of its own, so that nothing of
/// Sealift has a say in what is seen.
///
/// @param directory the trees are below it
/// @param lines the columns of every entry, by its path from `directory`
record ListedTrees(Path directory, Map<String, List<String>> lines) {

  private static final Path LISTER = Path.of("../../bench/list-tree");

  private static final List<String> COLUMNS =
      List.of("path", "mode", "owner", "size", "mtime", "target", "twin", "content", "xattrs");

  /// Something that is not the same in two trees.
  ///
  /// @param column of the listing; `path` when one tree lacks the entry
  /// @param path from the root of the tree, as `list-tree` quotes it
  record Difference(String column, String path, String ours, String theirs) {

    /// As tables name it.
    String key() {
      return column + " " + path;
    }
  }

  static ListedTrees of(Path directory) throws IOException, InterruptedException {
    Process lister =
        new ProcessBuilder("python3", LISTER.toString(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String text = new String(lister.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, lister.waitFor(), "bench/list-tree");
    Map<String, List<String>> lines = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          List<String> columns = Arrays.asList(line.split(" ", -1));
          lines.put(columns.getFirst(), columns);
        });
    return new ListedTrees(directory, lines);
  }

  /// The entries of the tree at `root`, by their path in it; the root itself is `.`.
  private Map<String, List<String>> tree(Path root) {
    String prefix = directory.relativize(root).toString();
    Map<String, List<String>> tree = new TreeMap<>();
    lines.forEach((path, columns) -> {
      if (path.equals(prefix) || path.startsWith(prefix + "/")) {
        List<String> own = new ArrayList<>(columns);
        own.replaceAll(text -> inside(prefix, text));
        tree.put(own.getFirst(), own);
      }
    });
    return tree;
  }

  private static String inside(String prefix, String text) {
    if (text.equals(prefix)) {
      return ".";
    }
    return text.startsWith(prefix + "/") ? text.substring(prefix.length() + 1) : text;
  }

  /// What is not the same in two trees, in the order of the paths.
  List<Difference> differences(Path ourRoot, Path theirRoot) {
    Map<String, List<String>> ours = tree(ourRoot);
    Map<String, List<String>> theirs = tree(theirRoot);
    List<Difference> differences = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(ours.keySet());
    paths.addAll(theirs.keySet());
    for (String path : paths) {
      List<String> own = ours.get(path);
      List<String> other = theirs.get(path);
      if (own == null || other == null) {
        differences.add(
            new Difference(
                "path", path, own == null ? "nothing" : "it", other == null ? "nothing" : "it"));
        continue;
      }
      for (int i = 0; i < COLUMNS.size(); i++) {
        if (!own.get(i).equals(other.get(i))) {
          differences.add(new Difference(COLUMNS.get(i), path, own.get(i), other.get(i)));
        }
      }
    }
    return differences;
  }
}
