package io.sealift.testing.snapshot;

import static io.sealift.testing.snapshot.TreeListing.path;

import io.sealift.failure.ImageException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.StackRequest;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Layers and root file systems of one test, written and stacked by the snapshotter under test, and
/// removed after it.
abstract class StackedLayers {

  @TempDir Path temporary;
  Snapshotter snapshotter;
  Path scratch;
  private int count;

  /// The one under test.
  protected abstract Snapshotter snapshotter();

  /// Where its layers and root file systems go, given a directory that is removed afterwards.
  protected Path scratch(Path directory) {
    return directory;
  }

  @BeforeEach
  void begin() {
    snapshotter = snapshotter();
    scratch = scratch(temporary);
  }

  @AfterEach
  void removeEverything() throws Exception {
    try (Stream<Path> left = Files.list(scratch)) {
      for (Path path :
          left.filter(path -> path.getFileName().toString().matches("rootfs.*")).toList()) {
        snapshotter.unstack(path, work(path));
      }
    }
    snapshotter.remove(scratch.resolve("layers"));
  }

  final Usage usage(LayerWriter.Content content) throws Exception {
    return snapshotter.usage(layer(content).directory());
  }

  final LayerTree layer(LayerWriter.Content content) throws ImageException, IOException {
    Path directory =
        Files.createDirectories(scratch.resolve("layers").resolve(Integer.toString(count++)));
    try (TreeSink sink = snapshotter.sink(directory)) {
      LayerWriter writer = new LayerWriter(sink, own("uid"), own("gid"));
      content.write(writer);
      return new LayerTree(directory, writer.finish());
    }
  }

  final long own(String which) throws IOException {
    return Integer.toUnsignedLong((Integer) Files.getAttribute(scratch, "unix:" + which));
  }

  final Path stack(LayerTree... layers) throws ImageException, IOException {
    Path rootfs = scratch.resolve("rootfs" + count++);
    Files.createDirectory(work(rootfs));
    snapshotter.stack(Arrays.asList(layers), new StackRequest(rootfs, work(rootfs)));
    return rootfs;
  }

  final Path work(Path rootfs) {
    return scratch.resolve("work-" + rootfs.getFileName());
  }

  final List<String> stacked(LayerTree... layers) throws ImageException, IOException {
    return list(stack(layers));
  }

  final List<String> list(Path rootfs) throws ImageException {
    try (RootFiles files = snapshotter.open(rootfs)) {
      return TreeListing.of(files);
    }
  }

  static FileStat stat(RootFiles files, String path) throws ImageException {
    return files.stat(path(path)).orElseThrow();
  }

  static List<Long> owner(FileStat stat) {
    return List.of(stat.uid(), stat.gid());
  }

  static List<Path> entries(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
