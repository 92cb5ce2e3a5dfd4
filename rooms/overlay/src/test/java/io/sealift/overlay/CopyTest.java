package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshot;
import io.sealift.snapshot.Snapshotter.StackRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is particular to copies.
class CopyTest {

  @TempDir Path directory;

  private final CopySnapshotter snapshotter = new CopySnapshotter();
  private Path rootfs = Path.of("");
  private Path work = Path.of("");
  private TestLayers layers = new TestLayers(snapshotter, Path.of(""));

  @BeforeEach
  void begin() throws Exception {
    begin(directory);
  }

  private void begin(Path base) throws Exception {
    rootfs = base.resolve("bundle/rootfs");
    work = Files.createDirectories(base.resolve("work"));
    layers = new TestLayers(snapshotter, base.resolve("layers"));
  }

  @AfterEach
  void undo() throws Exception {
    snapshotter.remove(directory.resolve("layers"));
    snapshotter.remove(directory.resolve("bundle"));
  }

  private Snapshot stack(LayerTree... trees) throws Exception {
    return snapshotter.stack(List.of(trees), new StackRequest(rootfs, work));
  }

  private List<String> names(Path parent) throws Exception {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void nothingIsMountedAndOnlyTheRootIsLeft() throws Exception {
    Snapshot snapshot = stack(layers.layer(sink -> TestLayers.file(sink, "f", "x")));
    assertEquals(new Snapshot("copy", rootfs, false, List.of()), snapshot);
    assertEquals(List.of("rootfs"), names(Objects.requireNonNull(rootfs.getParent())));
    assertEquals(List.of("REGULAR 644 1000 f 'x'"), TestLayers.lines(snapshotter, rootfs));
  }

  /// A file that nobody may read, linked to from above and then deleted, keeps its mode under its
  /// other name.
  @Test
  void whatKeepsItsOwnerOutIsCopiedAndMergedByAnOrdinaryUserToo() throws Throwable {
    warmUp();
    Path own = directory.resolve("own");
    OrdinaryUser.run(
        directory,
        () -> {
          begin(own);
          LayerTree lower =
              layers.layer(sink -> {
                TestLayers.directory(sink, "locked", 0, 1001);
                TestLayers.directory(sink, "locked/deep", 0500, 1002);
                TestLayers.file(sink, "locked/deep/old", "x");
                TestLayers.file(sink, "locked/deep/shadow", 0, 1000, "s");
                sink.hardLink(TestLayers.path("first"), TestLayers.path("locked/deep/shadow"));
                TestLayers.file(sink, "opened", 0200, 1000, "o");
                sink.whiteout(TestLayers.path("locked/deep/nothing"));
              });
          LayerTree upper =
              layers.layer(sink -> {
                sink.whiteout(TestLayers.path("locked/deep/old"));
                TestLayers.file(sink, "locked/deep/new", "y");
                sink.hardLink(TestLayers.path("second"), TestLayers.path("locked/deep/shadow"));
                TestLayers.file(sink, "opened", "now");
              });
          LayerTree topmost =
              layers.layer(sink -> {
                TestLayers.directory(sink, "locked/deep", 0555, 1003);
                sink.whiteout(TestLayers.path("locked/deep/shadow"));
                sink.whiteout(TestLayers.path("first"));
              });
          stack(lower, upper, topmost);
          assertEquals(
              List.of("0 locked 3", "0 second 1", "644 opened 1"),
              found("-maxdepth", "1", "-not", "-name", "."));
          Files.setAttribute(rootfs.resolve("locked"), "unix:mode", 0700);
          assertEquals(List.of("555 deep 2", "644 new 1"), found("locked", "-mindepth", "1"));
          snapshotter.remove(own.resolve("layers"));
          snapshotter.remove(own.resolve("bundle"));
        });
  }

  /// An ordinary user may not be able to load classes from where the one who runs the test has
  /// them.
  private void warmUp() throws Exception {
    stack(layers.layer(sink -> TestLayers.file(sink, "f", "x")));
    found("f");
    undo();
  }

  /// Mode and name of what `find` finds in the root file system, and the number of names of a file.
  private List<String> found(String... what) throws Exception {
    List<String> command = new ArrayList<>(List.of("find"));
    command.addAll(List.of(what));
    command.addAll(List.of("-printf", "%m %f %n\\n"));
    Process process =
        new ProcessBuilder(command)
            .directory(rootfs.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.lines().sorted().toList();
  }

  @Test
  void whatADeadProcessLeftIsReplaced() throws Exception {
    Path left = directory.resolve("bundle/.rootfs.sealift-layers/layer/left");
    Files.createDirectories(left);
    stack(layers.layer(sink -> TestLayers.file(sink, "f", "x")));
    assertEquals(List.of("REGULAR 644 1000 f 'x'"), TestLayers.lines(snapshotter, rootfs));
    Files.createDirectories(left);
    snapshotter.unstack(rootfs, work);
    assertEquals(List.of(), names(Objects.requireNonNull(rootfs.getParent())));
  }

  @Test
  void whatWasCopiedIsOwnButNotWhatOthersPutInItsPlace() throws Exception {
    assertTrue(snapshotter.owns(rootfs, work));
    stack(layers.layer(sink -> TestLayers.file(sink, "f", "x")));
    assertTrue(snapshotter.owns(rootfs, work));
    snapshotter.remove(rootfs);
    assertTrue(snapshotter.owns(rootfs, work));
    Files.createDirectory(rootfs);
    assertTrue(snapshotter.owns(rootfs, work));
    Files.writeString(rootfs.resolve("precious"), "x");
    assertFalse(snapshotter.owns(rootfs, work));
    snapshotter.remove(rootfs);
    Files.writeString(rootfs, "precious");
    assertFalse(snapshotter.owns(rootfs, work));
  }

  @Test
  void afterAFailureADirectoryThatWasThereIsThereAndEmpty() throws Exception {
    Files.createDirectories(rootfs);
    LayerTree file = layers.layer(sink -> TestLayers.file(sink, "f", "x"));
    LayerTree linking =
        layers.layer(sink -> sink.hardLink(TestLayers.path("g"), TestLayers.path("missing")));
    assertThrows(UnsafeContentException.class, () -> stack(file, linking));
    assertEquals(List.of("rootfs"), names(Objects.requireNonNull(rootfs.getParent())));
    assertEquals(List.of(), names(rootfs));
  }

  @Test
  void aDirectoryWithFilesIsNotStackedUpon() throws Exception {
    Files.createDirectories(rootfs);
    Files.writeString(rootfs.resolve("precious"), "x");
    LayerTree layer = layers.layer(sink -> TestLayers.file(sink, "f", "x"));
    assertEquals(
        "stack at %s: expected an empty directory, found files in it; name another one"
            .formatted(rootfs),
        assertThrows(StoreException.class, () -> stack(layer)).getMessage());
    assertEquals("x", Files.readString(rootfs.resolve("precious")));
  }

  @Test
  @Tag("root")
  void whatIsMountedInsideIsNotRemoved() throws Exception {
    stack(layers.layer(sink -> TestLayers.directory(sink, "volume", 0755, 1000)));
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path volume = rootfs.resolve("volume");
    run("mount", "--bind", outside.toString(), volume.toString());
    try {
      assertEquals(
          "remove %s: %s is mounted in it; stop the container, or unmount that first"
              .formatted(rootfs, volume),
          assertThrows(StoreException.class, () -> snapshotter.unstack(rootfs, work)).getMessage());
    } finally {
      run("umount", volume.toString());
    }
    snapshotter.unstack(rootfs, work);
    assertTrue(Files.exists(outside.resolve("precious")));
    assertFalse(Files.exists(rootfs));
  }

  @Test
  @Tag("root")
  void aMountPointIsNotCopiedInto() throws Exception {
    Files.createDirectories(rootfs);
    run("mount", "-t", "tmpfs", "tmpfs", rootfs.toString());
    try {
      LayerTree layer = layers.layer(sink -> TestLayers.file(sink, "f", "x"));
      assertEquals(
          "stack at %s: expected a directory, found a mount point; name a directory below it"
              .formatted(rootfs),
          assertThrows(StoreException.class, () -> stack(layer)).getMessage());
    } finally {
      run("umount", rootfs.toString());
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
