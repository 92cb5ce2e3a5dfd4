package io.sealift.overlay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.StackRequest;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What layers that were unpacked alone get when they are put together: by mounts, by copies, by
/// renaming.
abstract class MendingContract {

  @TempDir Path directory;

  private final List<Path> stacked = new ArrayList<>();

  abstract Snapshotter snapshotter();

  /// @return the root
  Path put(List<LayerTree> layers) throws Exception {
    Path rootfs = directory.resolve("rootfs" + stacked.size());
    stacked.add(rootfs);
    snapshotter().stack(layers, new StackRequest(rootfs, Files.createDirectory(work(rootfs))));
    return rootfs;
  }

  private static Path work(Path rootfs) {
    return rootfs.resolveSibling("work-" + rootfs.getFileName());
  }

  @AfterEach
  void undo() throws Exception {
    for (Path rootfs : stacked) {
      snapshotter().unstack(rootfs, work(rootfs));
    }
    snapshotter().remove(directory.resolve("layers"));
    snapshotter().remove(directory.resolve("target"));
  }

  private List<String> lines(TestLayers.Content... contents) throws Exception {
    return TestLayers.lines(snapshotter(), put(layers(contents)));
  }

  private List<LayerTree> layers(TestLayers.Content... contents) throws Exception {
    TestLayers layers = new TestLayers(snapshotter(), directory.resolve("layers"));
    List<LayerTree> trees = new ArrayList<>();
    for (TestLayers.Content content : contents) {
      trees.add(layers.layer(content));
    }
    return trees;
  }

  private static TestLayers.Content dir(String path, int mode, long time) {
    return sink -> TestLayers.directory(sink, path, mode, time);
  }

  private static TestLayers.Content file(String path) {
    return sink -> TestLayers.file(sink, path, "x");
  }

  private static TestLayers.Content link(String path, String target) {
    return sink -> sink.hardLink(TestLayers.path(path), TestLayers.path(target));
  }

  private static TestLayers.Content symlink(String path, String text) {
    return sink ->
        sink.symlink(
            TestLayers.path(path), text.getBytes(US_ASCII), TestLayers.unchecked(0777, 1000));
  }

  private static TestLayers.Content opaque(String path) {
    return sink -> sink.opaque(TestLayers.path(path));
  }

  private static TestLayers.Content whiteout(String path) {
    return sink -> sink.whiteout(TestLayers.path(path));
  }

  private static TestLayers.Content all(TestLayers.Content... contents) {
    return sink -> {
      for (TestLayers.Content content : contents) {
        content.write(sink);
      }
    };
  }

  @Test
  void modesThatWereWithheldAreGivenToWhatShows() throws Exception {
    List<LayerTree> layers =
        layers(
            all(dir("d", 0700, 1001), file("d/f"), file("g"), file("k"), link("l", "k")),
            all(file("d/x"), link("h", "d/f"), whiteout("d/f"), file("g")));
    List<WithheldMode> withheld = new ArrayList<>();
    for (String path : List.of("d", "d/f", "g", "k", "l")) {
      withheld.add(new WithheldMode(TestLayers.path(path), path.equals("d") ? 01750 : 0440));
    }
    LayerTree lower = layers.getFirst();
    TreeSummary known = new TreeSummary(lower.summary().implied(), List.of(), withheld, List.of());
    assertEquals(
        List.of(
            "DIRECTORY 1750 1001 d",
            "REGULAR 644 1000 d/x 'x'",
            "REGULAR 644 1000 g 'x'",
            "REGULAR 440 1000 h 'x'",
            "REGULAR 440 1000 k 'x' =0",
            "REGULAR 440 1000 l 'x' =0"),
        TestLayers.lines(
            snapshotter(), put(List.of(new LayerTree(lower.directory(), known), layers.get(1)))));
  }

  @Test
  void attributesComeFromTheTopmostEntryBelow() throws Exception {
    assertEquals(
        List.of("DIRECTORY 1777 1002 tmp", "REGULAR 644 1000 tmp/f 'x'"),
        lines(dir("tmp", 0700, 1001), dir("tmp", 01777, 1002), file("tmp/f")));
  }

  @Test
  void anOpaqueDirectoryWithoutAnEntryKeepsItsAttributes() throws Exception {
    assertEquals(
        List.of("DIRECTORY 1777 1001 tmp", "REGULAR 644 1000 tmp/f 'x'"),
        lines(all(dir("tmp", 01777, 1001), file("tmp/old")), all(opaque("tmp"), file("tmp/f"))));
  }

  @Test
  void nothingComesFromBelowAnOpaqueDirectory() throws Exception {
    List<String> expected =
        List.of("DIRECTORY 700 1001 a", "DIRECTORY 755 - a/b", "REGULAR 644 1000 a/b/f 'x'");
    TestLayers.Content lower = all(dir("a", 0700, 1001), dir("a/b", 01777, 1002));
    assertEquals(expected, lines(lower, opaque("a"), file("a/b/f")));
  }

  @Test
  void nothingComesFromBelowAnOpaqueDirectoryOfTheSameLayer() throws Exception {
    assertEquals(
        List.of("DIRECTORY 700 1001 a", "DIRECTORY 755 - a/b", "REGULAR 644 1000 a/b/f 'x'"),
        lines(all(dir("a", 0700, 1001), dir("a/b", 01777, 1002)), all(opaque("a"), file("a/b/f"))));
  }

  @Test
  void nothingComesFromBelowAFileInBetween() throws Exception {
    assertEquals(
        List.of("DIRECTORY 755 - a", "REGULAR 644 1000 a/f 'x'"),
        lines(dir("a", 01777, 1001), file("a"), file("a/f")));
  }

  @Test
  void extendedAttributesComeAlong() throws Exception {
    Attributes plain = TestLayers.unchecked(0750, 1001);
    List<Xattr> xattrs = List.of(new Xattr("user.key".getBytes(US_ASCII), new byte[] {0, 1}));
    Path root =
        put(
            layers(
                sink ->
                    sink.directory(
                        TestLayers.path("d"),
                        new Attributes(
                            plain.mode(), plain.uid(), plain.gid(), plain.mtime(), xattrs)),
                file("d/f")));
    assertArrayEquals(
        new byte[] {0, 1}, (byte[]) Files.getAttribute(root.resolve("d"), "user:key"));
  }

  @Test
  void ofAReplacedDirectoryNoExtendedAttributeIsLeft() throws Exception {
    Attributes plain = TestLayers.unchecked(0750, 1001);
    List<Xattr> xattrs = List.of(new Xattr("user.key".getBytes(US_ASCII), new byte[] {1}));
    Attributes with = new Attributes(plain.mode(), plain.uid(), plain.gid(), plain.mtime(), xattrs);
    Path root =
        put(
            layers(
                all(sink -> sink.directory(TestLayers.path("d"), with), file("d/f")),
                dir("d", 0700, 1002)));
    assertThrows(IOException.class, () -> Files.getAttribute(root.resolve("d"), "user:key"));
  }

  @Test
  void aLinkKeepsAllNamesOfItsTargetTogether() throws Exception {
    assertEquals(
        List.of(
            "DIRECTORY 711 1001 d",
            "REGULAR 644 1000 d/a 'x' =0",
            "REGULAR 644 1000 d/b 'x' =0",
            "REGULAR 644 1000 d/c 'x' =0",
            "REGULAR 644 1000 d/d 'x' =0"),
        lines(
            all(dir("d", 0711, 1001), file("d/a"), link("d/b", "d/a")),
            link("d/c", "d/b"),
            link("d/d", "d/c")));
  }

  @Test
  void aLinkOutlivesItsTarget() throws Exception {
    assertEquals(
        List.of("REGULAR 644 1000 b 'x' =0", "REGULAR 644 1000 c 'x' =0"),
        lines(file("a"), all(link("b", "a"), link("c", "a")), whiteout("a")));
  }

  @Test
  void aLinkOfTheLayerThatDeletesItsTarget() throws Exception {
    assertEquals(
        List.of("DIRECTORY 755 - new", "REGULAR 644 1000 new/a 'x'"),
        lines(file("old/a"), all(link("new/a", "old/a"), whiteout("old"))));
  }

  @Test
  void aLinkOfTheLayerThatDeletesAllThatIsBelow() throws Exception {
    assertEquals(
        List.of("REGULAR 644 1000 new 'x'"),
        lines(all(file("old"), file("other")), all(opaque(""), link("new", "old"))));
  }

  @Test
  void aLinkToAnyKindOfFile() throws Exception {
    assertEquals(
        List.of("FIFO 640 1001 g", "SYMLINK 777 1000 m -> nowhere"),
        lines(
            all(
                sink -> sink.fifo(TestLayers.path("f"), TestLayers.unchecked(0640, 1001)),
                symlink("l", "nowhere")),
            all(link("g", "f"), link("m", "l")),
            all(whiteout("f"), whiteout("l"))));
  }

  @Test
  void aLinkReplacesWhatIsBelow() throws Exception {
    assertEquals(
        List.of("REGULAR 644 1000 a 'x' =0", "REGULAR 644 1000 d 'x' =0"),
        lines(all(file("a"), file("d/in")), link("d", "a")));
  }

  @Test
  void aDirectoryOverALinkStartsEmpty() throws Exception {
    assertEquals(
        List.of("REGULAR 644 1000 a 'x'", "DIRECTORY 700 1001 d"),
        lines(all(file("a"), file("d/in")), link("d", "a"), dir("d", 0700, 1001)));
  }

  @Test
  void aTargetBehindSymlinksOfLowerLayersIsFound() throws Exception {
    assertEquals(
        List.of(
            "SYMLINK 777 1000 bin -> /usr/../usr/bin",
            "REGULAR 644 1000 link 'x' =0",
            "DIRECTORY 755 - usr",
            "DIRECTORY 755 - usr/bin",
            "REGULAR 644 1000 usr/bin/tool 'x' =0"),
        lines(
            all(file("usr/bin/tool"), symlink("bin", "/usr/../usr/bin")),
            link("link", "bin/tool")));
  }

  @Test
  void linksInARepeatedLayerLeadToWhatIsBelowItsTopmostPlace() throws Exception {
    List<LayerTree> three = layers(file("f"), link("l", "f"), file("g"));
    LayerTree base = three.getFirst();
    LayerTree linking = three.get(1);
    Path root = put(List.of(base, linking, three.get(2), linking));
    assertEquals(
        List.of("REGULAR 644 1000 f 'x' =0", "REGULAR 644 1000 g 'x'", "REGULAR 644 1000 l 'x' =0"),
        TestLayers.lines(snapshotter(), root));
  }

  @Test
  void linksToNothingAreRefused() throws Exception {
    for (TestLayers.Content upper :
        Arrays.asList(
            link("l", "missing"),
            link("l", "d"),
            link("l", "d/missing"),
            link("l", "missing/f"),
            link("l", "loop/f"),
            all(link("l", "m"), link("m", "l")))) {
      List<LayerTree> trees =
          layers(all(file("d/f"), symlink("loop", "loop"), file("gone")), whiteout("gone"), upper);
      String message = assertThrows(UnsafeContentException.class, () -> put(trees)).getMessage();
      assertTrue(message.startsWith("make hard link"), message);
      snapshotter().remove(directory.resolve("layers"));
      snapshotter().remove(directory.resolve("target"));
    }
  }
}
