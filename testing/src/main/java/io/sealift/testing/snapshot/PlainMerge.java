package io.sealift.testing.snapshot;

import static io.sealift.testing.snapshot.PlainSink.OPAQUE;
import static io.sealift.testing.snapshot.PlainSink.WHITEOUT;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Copies layers onto each other.
final class PlainMerge {

  private final Path target;

  /// Directories of the target by the directory that their attributes come from; deeper ones
  /// behind.
  private final Map<Path, Path> attributes = new TreeMap<>();

  PlainMerge(Path target) {
    this.target = target;
  }

  void apply(LayerTree layer) throws IOException, UnsafeContentException {
    Path root = layer.directory();
    Set<Path> implied = new HashSet<>();
    layer.summary().implied().forEach(path -> implied.add(PlainSink.resolve(root, path)));
    copy(root, target, implied, new HashMap<>());
    for (PendingLink link : layer.summary().pendingLinks()) {
      link(link);
    }
  }

  /// Gives directories their attributes when nothing is written into them any more.
  void finish() throws IOException {
    for (Path directory : List.copyOf(attributes.keySet()).reversed()) {
      copyAttributes(Objects.requireNonNull(attributes.get(directory)), directory);
    }
  }

  private void copy(Path from, Path to, Set<Path> implied, Map<Object, Path> inodes)
      throws IOException {
    boolean there = Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS);
    if (!there) {
      forget(to);
      Files.createDirectory(to);
    }
    if (!implied.contains(from) || !attributes.containsKey(to)) {
      attributes.put(to, from);
    }
    if (Files.exists(from.resolve(OPAQUE))) {
      for (Path hidden : list(to)) {
        forget(hidden);
      }
    }
    for (Path entry : list(from)) {
      String name = entry.getFileName().toString();
      if (name.startsWith(WHITEOUT)) {
        forget(to.resolve(name.substring(WHITEOUT.length())));
      }
    }
    for (Path entry : list(from)) {
      String name = entry.getFileName().toString();
      if (!name.startsWith(WHITEOUT)) {
        copyEntry(entry, to.resolve(name), implied, inodes);
      }
    }
  }

  private void copyEntry(Path from, Path to, Set<Path> implied, Map<Object, Path> inodes)
      throws IOException {
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      copy(from, to, implied, inodes);
      return;
    }
    forget(to);
    Object inode = Files.getAttribute(from, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    Path first = inodes.putIfAbsent(inode, to);
    if (first != null) {
      Files.createLink(to, first);
    } else {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      copyTimes(from, to);
    }
  }

  private void link(PendingLink link) throws IOException, UnsafeContentException {
    Path at = PlainSink.resolve(target, link.path());
    Path to = PlainSink.resolve(target, link.target());
    if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)
        || Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnsafeContentException(
          "stack %s: hard link to %s, which is not there".formatted(link.path(), link.target()));
    }
    forget(at);
    Files.createLink(at, to);
  }

  private void forget(Path path) throws IOException {
    PlainSnapshotter.removeTree(path);
    attributes.keySet().removeIf(directory -> directory.startsWith(path));
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private static void copyAttributes(Path from, Path to) throws IOException {
    for (String name : PlainSnapshotter.AS_ROOT ? List.of("uid", "gid", "mode") : List.of("mode")) {
      Files.setAttribute(
          to, "unix:" + name, Files.getAttribute(from, "unix:" + name, LinkOption.NOFOLLOW_LINKS));
    }
    copyTimes(from, to);
  }

  /// Also those of symlinks, which copying leaves out.
  private static void copyTimes(Path from, Path to) throws IOException {
    BasicFileAttributes times =
        Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Files.getFileAttributeView(to, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(times.lastModifiedTime(), times.lastAccessTime(), null);
  }
}
