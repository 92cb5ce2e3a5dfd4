package io.sealift.testing.snapshot;

import static io.sealift.testing.snapshot.TreeListing.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshot;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.StackRequest;
import io.sealift.snapshot.Snapshotter.Usage;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What every snapshotter does. Layers are written through its own sink, and what is stacked of
/// them is looked at through {@link Snapshotter#open}.
public abstract class SnapshotterContract extends StackedLayers {

  /// More than the options of one mount system call have room for.
  private static final int MANY_LAYERS = 150;

  @Test
  void oneLayerIsSeenAsItWasWritten() throws Exception {
    LayerTree layer =
        layer(root ->
            root.directory("etc", 0750)
                .file("etc/motd", 0604, "hello")
                .file("bin", 04711, "program")
                .directory("tmp", 01777)
                .directory("empty", 0700)
                .symlink("link", "/etc/motd")
                .hardLink("again", "bin"));
    assertEquals(
        List.of(
            "file 4711 again 'program'",
            "file 4711 bin 'program'",
            "dir 700 empty",
            "dir 750 etc",
            "file 604 etc/motd 'hello'",
            "link link -> /etc/motd",
            "dir 1777 tmp"),
        stacked(layer));
  }

  @Test
  void timesAndLinksOfALayerAreKept() throws Exception {
    Path rootfs =
        stack(
            layer(root ->
                root.directory("etc", 0755)
                    .file("etc/motd", "hello")
                    .symlink("link", "nowhere")
                    .hardLink("again", "etc/motd")));
    try (RootFiles files = snapshotter.open(rootfs)) {
      for (String path : List.of("etc", "etc/motd", "link", "again")) {
        assertEquals(LayerWriter.MTIME, stat(files, path).mtime(), path);
      }
      assertEquals(stat(files, "etc/motd").inode(), stat(files, "again").inode());
      assertEquals(2, stat(files, "again").links());
    }
  }

  @Test
  void theUppermostOfEachNameIsSeenAndDirectoriesAreMerged() throws Exception {
    assertEquals(
        List.of(
            "dir 700 d",
            "file 644 d/both '2'",
            "file 644 d/one '1'",
            "file 644 d/two '2'",
            "file 600 f '3'"),
        stacked(
            layer(root -> root.directory("d", 0755).file("d/one", "1").file("d/both", "1")),
            layer(root ->
                root.directory("d", 0700).file("d/two", "2").file("d/both", "2").file("f", "2")),
            layer(root -> root.file("f", 0600, "3"))));
  }

  @Test
  void aLayerThatIsRepeatedCountsInEachOfItsPlaces() throws Exception {
    LayerTree a = layer(root -> root.file("f", "a").file("g", "a"));
    LayerTree b = layer(root -> root.file("f", "b").whiteout("g").file("h", "b"));
    assertEquals(List.of("file 644 f 'b'", "file 644 h 'b'"), stacked(a, b));
    assertEquals(List.of("file 644 f 'a'", "file 644 g 'a'", "file 644 h 'b'"), stacked(a, b, a));
    assertEquals(List.of("file 644 f 'b'", "file 644 h 'b'"), stacked(a, b, a, b));
    assertEquals(List.of("file 644 f 'a'", "file 644 g 'a'"), stacked(a, a));
  }

  @Test
  void whiteoutsHideWhatIsBelowAndAreNotSeen() throws Exception {
    LayerTree lower =
        layer(root ->
            root.file("f", "1")
                .directory("d", 0755)
                .file("d/x", "1")
                .directory("e", 0755)
                .file("e/y", "1")
                .symlink("l", "f"));
    assertEquals(
        List.of("dir 755 e"),
        stacked(
            lower,
            layer(root ->
                root.whiteout("f").whiteout("d").whiteout("e/y").whiteout("l").whiteout("none"))));
    assertEquals(List.of(), stacked(layer(root -> root.whiteout("f"))));
  }

  @Test
  void whatIsHiddenCanComeBackWithoutItsOldContent() throws Exception {
    LayerTree lower = layer(root -> root.directory("d", 0755).file("d/old", "1"));
    LayerTree without = layer(root -> root.whiteout("d"));
    LayerTree again = layer(root -> root.directory("d", 0711).file("d/new", "3"));
    assertEquals(List.of("dir 711 d", "file 644 d/new '3'"), stacked(lower, without, again));
    LayerTree atOnce = layer(root -> root.whiteout("d").directory("d", 0711).file("d/new", "3"));
    assertEquals(List.of("dir 711 d", "file 644 d/new '3'"), stacked(lower, atOnce));
  }

  @Test
  void opaqueDirectoriesHideWhatIsBelowWhateverTheOrder() throws Exception {
    LayerTree lower =
        layer(root ->
            root.directory("d", 0755).file("d/old", "1").directory("d/s", 0755).file("d/s/x", "1"));
    List<String> expected = List.of("dir 700 d", "file 644 d/new '2'", "dir 700 d/s");
    assertEquals(
        expected,
        stacked(
            lower,
            layer(root ->
                root.directory("d", 0700).opaque("d").file("d/new", "2").directory("d/s", 0700))));
    assertEquals(
        expected,
        stacked(
            lower,
            layer(root ->
                root.directory("d", 0700).file("d/new", "2").directory("d/s", 0700).opaque("d"))));
    assertEquals(List.of("dir 755 d"), stacked(lower, layer(root -> root.opaque("d"))));
  }

  @Test
  void anOpaqueRootHidesAllThatIsBelow() throws Exception {
    LayerTree lowest = layer(root -> root.directory("d", 0700).file("d/f", "1"));
    LayerTree lower = layer(root -> root.directory("d", 0711).file("d/g", "2").file("h", "3"));
    LayerTree hiding = layer(root -> root.opaque("").file("d/new", "4"));
    LayerTree upper = layer(root -> root.file("d/newer", "5"));
    assertEquals(
        List.of("dir 755 d", "file 644 d/new '4'", "file 644 d/newer '5'"),
        stacked(lowest, lower, hiding, upper));
  }

  @Test
  void anEntryOfAnotherTypeReplacesWhatIsBelow() throws Exception {
    assertEquals(
        List.of("link a -> b", "dir 755 b", "file 644 b/in '2'", "file 644 c '2'"),
        stacked(
            layer(root ->
                root.directory("a", 0755).file("a/in", "1").file("b", "1").symlink("c", "a")),
            layer(root ->
                root.symlink("a", "b").directory("b", 0755).file("b/in", "2").file("c", "2"))));
  }

  @Test
  void impliedDirectoriesTakeTheAttributesOfTheTopmostEntryBelow() throws Exception {
    LayerTree base = layer(root -> root.directory("", 0711).directory("tmp", 0755));
    LayerTree sticky = layer(root -> root.directory("tmp", 01777));
    LayerTree using = layer(root -> root.file("tmp/x", "x").file("new/y", "y"));
    LayerTree more = layer(root -> root.file("tmp/z", "z"));
    Path rootfs = stack(base, sticky, using, more);
    assertEquals(
        List.of(
            "dir 755 new",
            "file 644 new/y 'y'",
            "dir 1777 tmp",
            "file 644 tmp/x 'x'",
            "file 644 tmp/z 'z'"),
        list(rootfs));
    try (RootFiles files = snapshotter.open(rootfs)) {
      assertEquals(0711, stat(files, "").permissions());
      assertEquals(LayerWriter.MTIME, stat(files, "tmp").mtime());
    }
  }

  @Test
  void impliedDirectoriesTakeNothingOfWhatIsHidden() throws Exception {
    LayerTree lower = layer(root -> root.directory("d", 01777));
    assertEquals(
        List.of("dir 755 d", "file 644 d/x 'x'"),
        stacked(lower, layer(root -> root.whiteout("d")), layer(root -> root.file("d/x", "x"))));
    for (LayerWriter.Content upper :
        List.<LayerWriter.Content>of(
            root -> root.whiteout("d").file("d/x", "x"),
            root -> root.file("d/x", "x").whiteout("d"),
            root -> root.file("d", "y").file("d/x", "x"))) {
      assertEquals(List.of("dir 755 d", "file 644 d/x 'x'"), stacked(lower, layer(upper)));
    }
  }

  @Test
  @Tag("root")
  void ownersAreKeptAndTakenOver() throws Exception {
    LayerTree lower = layer(root -> root.owner(12, 34).directory("home", 0755).file("home/f", "1"));
    LayerTree upper = layer(root -> root.owner(56, 78).file("home/g", 04755, "2"));
    Path rootfs = stack(lower, upper);
    assertEquals(
        List.of("dir 755 home", "file 644 home/f '1'", "file 4755 home/g '2'"), list(rootfs));
    try (RootFiles files = snapshotter.open(rootfs)) {
      assertEquals(List.of(12L, 34L), owner(stat(files, "home")));
      assertEquals(List.of(12L, 34L), owner(stat(files, "home/f")));
      assertEquals(List.of(56L, 78L), owner(stat(files, "home/g")));
    }
  }

  @Test
  void pendingLinksAreLinksToWhatIsBelow() throws Exception {
    LayerTree lower = layer(root -> root.directory("bin", 0755).file("bin/tool", 0755, "tool"));
    LayerTree upper = layer(root -> root.hardLink("bin/alias", "bin/tool"));
    LayerTree upmost = layer(root -> root.file("other", "o").hardLink("bin/more", "bin/alias"));
    assertFalse(upper.summary().pendingLinks().isEmpty());
    Path rootfs = stack(lower, upper, upmost);
    assertEquals(
        List.of(
            "dir 755 bin",
            "file 755 bin/alias 'tool'",
            "file 755 bin/more 'tool'",
            "file 755 bin/tool 'tool'",
            "file 644 other 'o'"),
        list(rootfs));
    try (RootFiles files = snapshotter.open(rootfs)) {
      assertEquals(3, stat(files, "bin/tool").links());
      assertEquals(stat(files, "bin/tool").inode(), stat(files, "bin/more").inode());
    }
  }

  @Test
  void aPendingLinkGivesWayToWhatLiesAbove() throws Exception {
    LayerTree lower = layer(root -> root.file("f", "1"));
    LayerTree linking = layer(root -> root.hardLink("g", "f"));
    assertEquals(
        List.of("file 644 f '3'", "file 644 g '1'"),
        stacked(lower, linking, layer(root -> root.file("f", "3"))));
    assertEquals(
        List.of("file 644 f '1'"), stacked(lower, linking, layer(root -> root.whiteout("g"))));
    assertEquals(
        List.of("file 644 f '1'", "file 644 g '3'"),
        stacked(lower, linking, layer(root -> root.file("g", "3"))));
  }

  @Test
  void aLinkToNothingIsRefusedAndNothingIsLeftBehind() throws Exception {
    LayerTree lower = layer(root -> root.file("f", "1"));
    LayerTree linking = layer(root -> root.hardLink("g", "missing"));
    Path rootfs = scratch.resolve("rootfs-failing");
    Files.createDirectory(work(rootfs));
    String message =
        assertThrows(
                UnsafeContentException.class,
                () ->
                    snapshotter.stack(
                        List.of(lower, linking), new StackRequest(rootfs, work(rootfs))))
            .getMessage();
    assertTrue(message.contains("missing"), message);
    assertEquals(List.of(), entries(rootfs));
    assertEquals(List.of(), entries(work(rootfs)));
    assertEquals(List.of("file 644 f '1'"), stacked(lower));
  }

  @Test
  void whatIsWrittenIntoARootFileSystemIsSeenThereOnly() throws Exception {
    LayerTree layer = layer(root -> root.directory("d", 0755).file("d/f", "1"));
    Path one = stack(layer);
    try (RootFiles files = snapshotter.open(one)) {
      files.makeDirectories(path("d/proc/sub"));
      assertThrows(UnsafeContentException.class, () -> files.makeDirectories(path("d/f")));
    }
    assertEquals(
        List.of("dir 755 d", "file 644 d/f '1'", "dir 755 d/proc", "dir 755 d/proc/sub"),
        list(one));
    assertEquals(List.of("dir 755 d", "file 644 d/f '1'"), stacked(layer));
  }

  @Test
  void lookingInsideNeverLeadsOut() throws Exception {
    Files.writeString(scratch.resolve("outside"), "secret");
    Path rootfs =
        stack(
            layer(root ->
                root.file("outside", "inside")
                    .directory("d", 0755)
                    .symlink("d/up", "../../../../outside")
                    .symlink("abs", "/outside")
                    .symlink("loop", "loop")));
    try (RootFiles files = snapshotter.open(rootfs)) {
      for (String path : List.of("outside", "d/up", "abs")) {
        assertEquals("inside", text(files.read(path(path), 6).orElseThrow()), path);
      }
      assertTrue(files.read(path("d"), 1).isEmpty());
      assertTrue(files.read(path("none"), 1).isEmpty());
      assertThrows(UnsafeContentException.class, () -> files.read(path("outside"), 5));
    }
  }

  @Test
  void aRootFileSystemIsUndoneOnceOrMoreOftenAndStackedAgain() throws Exception {
    LayerTree layer = layer(root -> root.file("f", "1"));
    Path rootfs = stack(layer);
    for (int i = 0; i < 2; i++) {
      snapshotter.unstack(rootfs, work(rootfs));
      assertFalse(Files.exists(rootfs, LinkOption.NOFOLLOW_LINKS));
      assertFalse(Files.exists(work(rootfs), LinkOption.NOFOLLOW_LINKS));
    }
    Files.createDirectories(rootfs);
    Files.createDirectories(work(rootfs));
    Snapshot snapshot = snapshotter.stack(List.of(layer), new StackRequest(rootfs, work(rootfs)));
    assertTrue(snapshotter.undoes(snapshot.snapshotter()), snapshot.snapshotter());
    assertEquals(rootfs, snapshot.rootfs());
    assertEquals(List.of("file 644 f '1'"), list(rootfs));
  }

  @Test
  void manyLayersAreStacked() throws Exception {
    List<LayerTree> layers = new ArrayList<>();
    for (int i = 0; i < MANY_LAYERS; i++) {
      String number = Integer.toString(i);
      layers.add(layer(root -> root.file("last", number).file("own" + number, number)));
    }
    Path rootfs = stack(layers.toArray(LayerTree[]::new));
    List<String> lines = list(rootfs);
    assertEquals(MANY_LAYERS + 1, lines.size());
    assertEquals("file 644 last '%d'".formatted(MANY_LAYERS - 1), lines.getFirst());
  }

  @Test
  void flattenedLayersAreWhatStackingThemGives() throws Exception {
    LayerWriter.Content lower =
        root ->
            root.directory("", 0711)
                .directory("d", 01777)
                .file("d/old", "1")
                .directory("gone", 0755)
                .file("gone/x", "1")
                .file("f", "1");
    LayerWriter.Content upper =
        root -> root.file("d/new", "2").whiteout("gone").hardLink("g", "f").directory("o", 0755);
    LayerWriter.Content upmost = root -> root.opaque("o").file("o/x", "3").symlink("d/old", "new");
    List<String> expected = stacked(layer(lower), layer(upper), layer(upmost));
    List<LayerTree> consumed = List.of(layer(lower), layer(upper), layer(upmost));
    Path target = Files.createDirectories(scratch.resolve("layers/target"));
    flatten(consumed, target);
    assertEquals(expected, list(target));
    try (RootFiles files = snapshotter.open(target)) {
      assertEquals(0711, stat(files, "").permissions());
      assertEquals(stat(files, "f").inode(), stat(files, "g").inode());
      assertEquals(LayerWriter.MTIME, stat(files, "d").mtime());
    }
    for (LayerTree layer : consumed) {
      assertTrue(
          Files.notExists(layer.directory()) || entries(layer.directory()).isEmpty(),
          layer.directory().toString());
    }
  }

  private void flatten(List<LayerTree> layers, Path target) throws Exception {
    try (Flattening flattening = snapshotter.flatten(target)) {
      for (LayerTree layer : layers) {
        flattening.add(layer);
      }
      flattening.finish();
    }
  }

  @Test
  void aTreeIsRemovedWhateverItsModes() throws Exception {
    LayerTree layer =
        layer(root ->
            root.directory("locked", 0).file("locked/in", 0, "x").directory("locked/deep", 0500));
    snapshotter.sync(layer.directory());
    snapshotter.remove(layer.directory());
    assertFalse(Files.exists(layer.directory()));
    snapshotter.remove(layer.directory());
  }

  @Test
  void anInodeIsMeasuredOnce() throws Exception {
    Usage one = usage(root -> root.file("f", "x".repeat(10_000)));
    Usage linked = usage(root -> root.file("f", "x".repeat(10_000)).hardLink("g", "f"));
    Usage two = usage(root -> root.file("f", "x".repeat(10_000)).file("g", "x".repeat(10_000)));
    assertEquals(one, linked);
    assertTrue(one.bytes() >= 10_000, one.toString());
    assertEquals(one.inodes() + 1, two.inodes());
    assertTrue(two.bytes() >= one.bytes() + 10_000, two.toString());
  }
}
