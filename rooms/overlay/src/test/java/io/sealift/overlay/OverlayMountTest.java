package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.DetachedMount;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter.StackRequest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is particular to mounts.
@Tag("root")
class OverlayMountTest {

  @TempDir Path temporary;

  private final OverlaySnapshotter snapshotter = new OverlaySnapshotter();
  private Path rootfs = Path.of("");
  private Path work = Path.of("");
  private TestLayers layers = new TestLayers(snapshotter, Path.of(""));

  @BeforeEach
  void begin() throws IOException {
    use(temporary);
  }

  private void use(Path directory) throws IOException {
    rootfs = directory.resolve("rootfs");
    work = Files.createDirectories(directory.resolve("work"));
    layers = new TestLayers(snapshotter, directory.resolve("layers"));
  }

  @AfterEach
  void undo() throws Exception {
    snapshotter.unstack(rootfs, work);
  }

  private void stack(List<LayerTree> trees) throws Exception {
    snapshotter.stack(trees, new StackRequest(rootfs, work));
  }

  private List<String> lines() throws Exception {
    return TestLayers.lines(snapshotter, rootfs);
  }

  /// The lowest has a file of each number, every other layer removes one of them.
  private List<LayerTree> countdown(int count) throws Exception {
    List<LayerTree> trees = new ArrayList<>();
    trees.add(
        layers.layer(sink -> {
          for (int i = 1; i <= count; i++) {
            TestLayers.file(sink, "d/f" + i, "x");
          }
        }));
    for (int i = 1; i < count; i++) {
      String path = "d/f" + i;
      trees.add(layers.layer(sink -> sink.whiteout(TestLayers.path(path))));
    }
    return trees;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 499, 500, 501, 502, 998, 999})
  void asManyLayersAsTwoOverlaysTake(int count) throws Exception {
    stack(countdown(count));
    assertEquals(
        List.of("DIRECTORY 755 - d", "REGULAR 644 1000 d/f%d 'x'".formatted(count)), lines());
    assertEquals(List.of(), mounts(work));
  }

  @Test
  void moreLayersAreRefusedWithTheBound() throws Exception {
    List<LayerTree> trees = countdown(1000);
    String message = assertThrows(StoreException.class, () -> stack(trees)).getMessage();
    assertEquals("stack 1000 layers: overlays take at most 999; use --snapshotter copy", message);
    assertFalse(Files.exists(rootfs));
    assertEquals(List.of(), names(work));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 150, 210})
  void aKernelThatKnowsPagesOnlyGivesTheSame(int count) throws Exception {
    List<Path> lower = new ArrayList<>();
    countdown(count).forEach(tree -> lower.addFirst(tree.directory()));
    try (DetachedMount mount = new OverlayMount(false, false, false).mount(lower, work)) {
      assertEquals(
          List.of("DIRECTORY 755 - d", "REGULAR 644 1000 d/f%d 'x'".formatted(count)),
          TestLayers.lines(snapshotter, mount.path()));
      assertEquals(List.of(), mounts(work));
    }
  }

  @Test
  void aPageThatIsTooSmallSaysSo() throws Exception {
    List<Path> lower = new ArrayList<>();
    countdown(300).forEach(tree -> lower.addFirst(tree.directory()));
    String message =
        assertThrows(
                StoreException.class,
                () -> new OverlayMount(false, false, false).mount(lower, work))
            .getMessage();
    assertTrue(
        message.matches(
            "mount overlay: the options for 300 layers take \\d+ bytes, expected less than 4096"
                + " with a kernel before 6.7; use --snapshotter copy"),
        message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"with:colon", "with,comma", "with\\backslash", "with blank", "lowerdir=x"})
  void pathsHaveAnyCharacters(String name) throws Exception {
    use(Files.createDirectory(temporary.resolve(name)));
    stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
    assertEquals(List.of("REGULAR 644 1000 f 'x'"), lines());
    assertTrue(isMounted());
    snapshotter.unstack(rootfs, work);
    assertFalse(isMounted());
  }

  @Test
  void namesNeedNotBeUtf8() throws Exception {
    stack(
        List.of(
            layers.layer(sink -> TestLayers.file(sink, "\u00ff\u00fe/\u00e9", "x")),
            layers.layer(sink -> TestLayers.file(sink, "\u00ff\u00fe/\u00ea", "y"))));
    assertEquals(
        List.of(
            "DIRECTORY 755 - \u00ff\u00fe",
            "REGULAR 644 1000 \u00ff\u00fe/\u00e9 'x'",
            "REGULAR 644 1000 \u00ff\u00fe/\u00ea 'y'"),
        lines());
  }

  @Test
  void aLayerOnItsOwnListsNoWhiteouts() throws Exception {
    stack(
        List.of(
            layers.layer(sink -> {
              sink.whiteout(TestLayers.path("d/gone"));
              TestLayers.file(sink, "d/there", "x");
            })));
    assertEquals(List.of("DIRECTORY 755 - d", "REGULAR 644 1000 d/there 'x'"), lines());
  }

  @Test
  void anImageWithoutLayersIsAnEmptyRoot() throws Exception {
    stack(List.of());
    assertEquals(List.of(), lines());
    Files.createDirectory(rootfs.resolve("made"));
  }

  @Test
  void aMountInUseStaysAndSaysWhoUsesIt() throws Exception {
    stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
    try (FileInputStream open = new FileInputStream(rootfs.resolve("f").toFile())) {
      assertEquals('x', open.read());
      assertEquals(
          "unmount %s: it is in use: a process has files of it open or works in it; end it (fuser"
                  .formatted(rootfs)
              + " -vm %s)".formatted(rootfs),
          failure());
    }
    assertEquals(List.of("REGULAR 644 1000 f 'x'"), lines());
  }

  @Test
  void aMountInsideStaysAndIsNamed() throws Exception {
    stack(List.of(layers.layer(sink -> TestLayers.directory(sink, "in", 0755, 1000))));
    Path inside = rootfs.resolve("in");
    run("mount", "-t", "tmpfs", "tmpfs", inside.toString());
    try {
      Files.writeString(inside.resolve("precious"), "x");
      assertEquals(
          "unmount %s: it is in use: %s is mounted in it; stop the container, or unmount that first"
              .formatted(rootfs, inside),
          failure());
      assertTrue(Files.exists(inside.resolve("precious")));
    } finally {
      run("umount", inside.toString());
    }
  }

  @Test
  void aMountOverItStaysAndIsNamed() throws Exception {
    stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
    run("mount", "-t", "tmpfs", "tmpfs", rootfs.toString());
    try {
      assertEquals(
          "unmount %s: tmpfs is mounted over it; unmount that first".formatted(rootfs), failure());
    } finally {
      run("umount", rootfs.toString());
    }
    assertEquals(List.of("REGULAR 644 1000 f 'x'"), lines());
  }

  @Test
  void aMountPointOfSomebodyElseIsUsedAndLeft() throws Exception {
    Files.createDirectory(rootfs);
    run("mount", "-t", "tmpfs", "tmpfs", rootfs.toString());
    try {
      stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
      assertEquals(List.of("REGULAR 644 1000 f 'x'"), lines());
      snapshotter.unstack(rootfs, work);
      assertEquals(List.of(rootfs.toString()), mounts(rootfs));
    } finally {
      run("umount", rootfs.toString());
    }
  }

  @Test
  void aDirectoryWithFilesIsNotStackedUpon() throws Exception {
    Files.createDirectory(rootfs);
    Files.writeString(rootfs.resolve("precious"), "x");
    LayerTree layer = layers.layer(sink -> TestLayers.file(sink, "f", "x"));
    assertThrows(StoreException.class, () -> stack(List.of(layer)));
    assertEquals("x", Files.readString(rootfs.resolve("precious")));
  }

  @Test
  void whatIsMountedIsOwnButNotWhatOthersPutInItsPlace() throws Exception {
    assertTrue(snapshotter.owns(rootfs, work));
    stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
    assertTrue(snapshotter.owns(rootfs, work));
    run("mount", "-t", "tmpfs", "tmpfs", rootfs.toString());
    Files.writeString(rootfs.resolve("precious"), "x");
    assertFalse(snapshotter.owns(rootfs, work));
    run("umount", rootfs.toString());
    run("umount", rootfs.toString());
    assertTrue(snapshotter.owns(rootfs, work));
    Files.writeString(rootfs.resolve("precious"), "x");
    assertFalse(snapshotter.owns(rootfs, work));
  }

  @Test
  void halfOfAStackIsUndone() throws Exception {
    Files.createDirectories(rootfs);
    Files.createDirectories(work.resolve("upper/left"));
    Path nested = Files.createDirectories(work.resolve("nested"));
    Path lower = layers.layer(sink -> TestLayers.file(sink, "f", "x")).directory();
    Path scratch = Files.createDirectories(temporary.resolve("scratch"));
    try (DetachedMount mount = OverlayMount.probe(scratch).mount(List.of(lower), scratch)) {
      mount.attach(nested);
    }
    snapshotter.unstack(rootfs, work);
    assertFalse(Files.exists(rootfs, LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(work, LinkOption.NOFOLLOW_LINKS));
    assertEquals(List.of(), mounts(temporary));
    OverlayMount.clear(scratch);
  }

  @Test
  void aPathThroughASymlinkIsUndone() throws Exception {
    Path real = Files.createDirectory(temporary.resolve("real"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), real);
    use(link);
    stack(List.of(layers.layer(sink -> TestLayers.file(sink, "f", "x"))));
    snapshotter.unstack(rootfs, work);
    assertEquals(List.of(), mounts(real));
    assertFalse(Files.exists(real.resolve("rootfs")));
  }

  @Test
  void nothingIsSeenBeforeALinkIsFoundToLeadNowhere() throws Exception {
    LayerTree linking =
        layers.layer(sink -> sink.hardLink(TestLayers.path("g"), TestLayers.path("missing")));
    assertThrows(UnsafeContentException.class, () -> stack(List.of(linking)));
    assertFalse(Files.exists(rootfs));
    assertEquals(List.of(), names(work));
  }

  @Test
  void onAnOverlayTheKernelsWordsAreTheReasonToCopy() throws Exception {
    stack(List.of(layers.layer(sink -> TestLayers.directory(sink, "work", 0755, 1000))));
    String obstacle = String.valueOf(OverlayTrial.below(rootfs.resolve("work")).obstacle());
    assertTrue(obstacle.startsWith("mount overlay: "), obstacle);
    assertTrue(obstacle.contains("upperdir"), obstacle);
    assertEquals(List.of(), names(rootfs.resolve("work")));
  }

  @Test
  void whereOverlaysWorkATrialTellsHow() {
    OverlayTrial trial = OverlayTrial.below(temporary.resolve("made"));
    assertEquals(null, trial.obstacle());
    assertEquals(
        List.of("layers one by one, at most 999", "marks of layers in trusted attributes"),
        trial.ways());
    assertTrue(Files.isDirectory(temporary.resolve("made")));
  }

  @Test
  void aStoreOnAFileSystemOfItsOwn() throws Exception {
    Path image = temporary.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(64L << 20);
    }
    run("mkfs.ext4", "-q", "-F", image.toString());
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    run("mount", "-o", "loop", image.toString(), disk.toString());
    try {
      use(disk);
      stack(
          List.of(
              layers.layer(sink -> {
                TestLayers.directory(sink, "d", 0711, 1001);
                TestLayers.file(sink, "d/f", "x");
                TestLayers.file(sink, "d/old", "x");
              }),
              layers.layer(sink -> {
                sink.hardLink(TestLayers.path("d/g"), TestLayers.path("d/f"));
                sink.whiteout(TestLayers.path("d/old"));
              })));
      assertEquals(
          List.of(
              "DIRECTORY 711 1001 d", "REGULAR 644 1000 d/f 'x' =0", "REGULAR 644 1000 d/g 'x' =0"),
          lines());
      snapshotter.unstack(rootfs, work);
    } finally {
      run("umount", disk.toString());
    }
  }

  private String failure() {
    return assertThrows(StoreException.class, () -> snapshotter.unstack(rootfs, work)).getMessage();
  }

  private boolean isMounted() throws Exception {
    return !mounts(temporary).isEmpty();
  }

  /// Mount points at or below a directory.
  private static List<String> mounts(Path directory) throws Exception {
    return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
        .map(line -> line.split(" ", -1)[4].replace("\\040", " ").replace("\\134", "\\"))
        .filter(place -> (place + "/").startsWith(directory + "/"))
        .toList();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
