package io.sealift.linux;

import static io.sealift.linux.LayerFixture.mine;
import static io.sealift.linux.LayerFixture.path;
import static io.sealift.linux.LayerFixture.xattr;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.unpack.TreeSink;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeFilesTest {

  @TempDir Path scratch;

  @Test
  void removesTreesThatKeepTheirOwnerOut() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("a", mine(0)).directory("a/b", mine(0)).file("a/b/f", "", mine(0));
      layer.directory("a/c", mine(0500)).file("a/c/f", "").directory(".", mine(0500)).finish();
      TreeFiles.remove(layer.root);
      assertFalse(Files.exists(layer.root));
    }
  }

  @ParameterizedTest
  @CsvSource({"file", "symlink", "missing", "missing/below/missing"})
  void removesWhateverIsThere(String what) throws Exception {
    Path target = scratch.resolve(what);
    Path kept = Files.writeString(scratch.resolve("kept"), "kept");
    switch (what) {
      case "file" -> Files.writeString(target, "x");
      case "symlink" -> Files.createSymbolicLink(target, kept);
      default -> assertFalse(Files.exists(target));
    }
    TreeFiles.remove(target);
    assertFalse(Files.exists(target, java.nio.file.LinkOption.NOFOLLOW_LINKS));
    assertEquals("kept", Files.readString(kept));
  }

  @Test
  void removesManyDirectoriesWithManyFiles() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      for (int i = 0; i < 500; i++) {
        layer.file("d" + i + "/e/f" + i, "");
      }
      layer.finish();
      assertEquals(1501, TreeFiles.usage(layer.root).inodes());
      TreeFiles.remove(layer.root);
      assertFalse(Files.exists(layer.root));
    }
  }

  @Test
  void usageCountsEachInodeOnce() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("f", "x".repeat(100_000)).hardLink("d/g", "f").hardLink("h", "d/g").finish();
      Usage usage = TreeFiles.usage(layer.root);
      assertEquals(3, usage.inodes());
      assertTrue(usage.bytes() >= 100_000 && usage.bytes() < 200_000, usage.toString());
    }
  }

  @Test
  void syncSucceedsOnATreeAndNamesWhatIsMissing() throws Exception {
    TreeFiles.sync(scratch);
    StoreException missing =
        assertThrows(StoreException.class, () -> TreeFiles.sync(scratch.resolve("x")));
    assertEquals(
        "openat " + scratch.resolve("x") + ": ENOENT (no such file or directory)",
        missing.getMessage());
  }

  @Test
  void copiesEverything() throws Exception {
    Path target = Files.createDirectory(scratch.resolve("copy"));
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.script("dir .; dir d; file d/f; hard e/h = d/f; link l -> d; fifo p");
      layer.whiteout("e/w").opaque("o").file("\u00ff", "\u00fe", mine(04711, xattr("user.x", "1")));
      layer.directory("d/r", mine(0555, xattr("user.y", "2"))).file("d/r/f", "r");
      layer.finish();
      assertEquals(List.of(), TreeFiles.copy(layer.root, target));
      assertEquals(layer.lines(), LayerFixture.lines(target));
      try (RootFiles copy = TreeFiles.open(target)) {
        for (String entry : List.of(".", "d", "d/f", "l", "p", "\u00ff", "d/r", "d/r/f", "e")) {
          FileStat expected = layer.stat(entry);
          FileStat stat = copy.stat(path(entry)).orElseThrow();
          assertEquals(expected.mtime(), stat.mtime(), entry);
          assertEquals(expected.links(), stat.links(), entry);
          assertEquals(expected.uid(), stat.uid(), entry);
        }
        assertEquals(
            copy.stat(path("d/f")).orElseThrow().inode(),
            copy.stat(path("e/h")).orElseThrow().inode());
      }
      TreeFiles.remove(target);
    }
  }

  @Test
  void copiesHolesAsHoles() throws Exception {
    Path target = Files.createDirectory(scratch.resolve("copy"));
    long size = 64L << 20;
    try (LayerFixture layer = new LayerFixture(scratch)) {
      try (TreeSink.Body body = layer.sink().file(path("f"), mine(0644), size)) {
        body.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 12345);
        body.write(ByteBuffer.wrap(new byte[] {4}), size - 500_000);
      }
      layer.finish();
      TreeFiles.copy(layer.root, target);
      assertTrue(TreeFiles.usage(target).bytes() < 1 << 20);
      assertEquals(-1, Files.mismatch(layer.root.resolve("f"), target.resolve("f")));
    }
  }

  @ParameterizedTest(name = "read {0}")
  @CsvSource({
    "etc/passwd, root",
    "link, root",
    "absolute, root",
    "dots, root",
    "dir/up/etc/passwd, root",
    "outside, inside",
    "missing,",
    "etc,",
    "etc/passwd/x,",
    "loop,",
    "fifo,",
    "dangling,",
  })
  void readsFilesThroughSymlinksThatStayInside(String name, String content) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.file("etc/passwd", "root").symlink("link", "etc/passwd");
      layer.symlink("absolute", "/etc/passwd").symlink("dots", "../../etc/passwd");
      layer.symlink("dir/up", "..").symlink("loop", "loop").symlink("dangling", "nowhere");
      layer.symlink("outside", "../canary/keep").file("canary/keep", "inside");
      layer.fifo("fifo", mine(0644)).finish();
      Optional<String> read =
          files.read(path(name), 100).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
      assertEquals(Optional.ofNullable(content), read);
    }
  }

  @Test
  void readingIsBounded() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.file("f", "12345").finish();
      assertEquals(5, files.read(path("f"), 5).orElseThrow().length);
      UnsafeContentException refused =
          assertThrows(UnsafeContentException.class, () -> files.read(path("f"), 4));
      assertEquals("read f: more than 4 bytes", refused.getMessage());
    }
  }

  @Test
  void looksAtEntriesThemselves() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.file("d/f", "12345", mine(0640)).symlink("l", "d/f").symlink("k", "d").finish();
      assertEquals(FileStat.Type.SYMLINK, files.stat(path("l")).orElseThrow().type());
      assertEquals(5, files.stat(path("k/f")).orElseThrow().size());
      assertEquals(Optional.empty(), files.stat(path("d/g")));
      assertArrayEquals(LayerFixture.bytes("d/f"), files.link(path("l")).orElseThrow());
      assertEquals(Optional.empty(), files.link(path("d/f")));
      assertEquals(Optional.empty(), files.link(path("d")));
      assertEquals(Optional.empty(), files.content(path("l")));
      assertEquals(Optional.empty(), files.names(path("d/f")));
      assertEquals(1, files.names(path("k")).orElseThrow().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void streamsAFile(boolean direct) throws Exception {
    String text = "0123456789".repeat(20_000);
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.file("f", text).finish();
      ByteBuffer all = direct ? ByteBuffer.allocateDirect(300_000) : ByteBuffer.allocate(300_000);
      try (RootFiles.Content content = files.content(path("f")).orElseThrow()) {
        assertEquals(0, content.read(ByteBuffer.allocate(0), 0));
        while (content.read(all, all.position()) > 0) {
          assertTrue(all.hasRemaining());
        }
        assertEquals(-1, content.read(all, text.length()));
      }
      assertEquals(text, StandardCharsets.US_ASCII.decode(all.flip()).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4294967296, true", // a hole, and larger than anybody would read
    "0, 4294967297, false",
    "4294967296, 4294967297, false",
    "4294967297, 4294967298, true",
    "4294967297, 8589934592, true",
    "4294967296, 4294967296, true",
    "9000000000, 9000000001, true",
  })
  void tellsWhetherNothingButZerosIsThere(long from, long to, boolean zero) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.file("f", "").finish();
      try (FileChannel sparse = FileChannel.open(layer.root.resolve("f"), WRITE)) {
        sparse.write(ByteBuffer.wrap(new byte[] {'x'}), 1L << 32);
        sparse.write(ByteBuffer.allocate(1), (1L << 33) - 1);
      }
      try (RootFiles.Content content = files.content(path("f")).orElseThrow()) {
        assertEquals(zero, content.isZero(from, to));
      }
    }
  }

  @Test
  void listsNamesInTheOrderOfTheirBytes() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch);
        RootFiles files = TreeFiles.open(layer.root)) {
      layer.script("file b; file a; file B; dir .x; file ..y").file("\u00ff", "").finish();
      List<String> names = new ArrayList<>();
      for (byte[] name : files.names(path(".")).orElseThrow()) {
        names.add(new String(name, StandardCharsets.ISO_8859_1));
      }
      assertEquals(List.of("..y", ".x", "B", "a", "b", "\u00ff"), names);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a/b/c       | dir 755 a, dir 755 a/b, dir 755 a/b/c
          d           | dir 700 d
          d/e         | dir 700 d, dir 755 d/e
          .           | ''
          """)
  void makesDirectories(String wanted, String tree) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      if (wanted.startsWith("d")) {
        layer.directory("d", mine(0700));
      }
      layer.finish();
      try (RootFiles files = TreeFiles.open(layer.root)) {
        files.makeDirectories(path(wanted));
        files.makeDirectories(path(wanted));
      }
      assertEquals(tree, String.join(", ", layer.lines()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          file a                     | a/b | make directory a/b: a is in the way and no directory
          link a -> nowhere          | a   | make directory a: a is in the way and no directory
          dir d; file d/f; link l -> d | l/f | make directory l/f: l/f is in the way and no directory
          """)
  void makesNoDirectoryOverSomethingElse(String entries, String wanted, String message)
      throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.script(entries).finish();
      try (RootFiles files = TreeFiles.open(layer.root)) {
        UnsafeContentException refused =
            assertThrows(UnsafeContentException.class, () -> files.makeDirectories(path(wanted)));
        assertEquals(message, refused.getMessage());
      }
    }
  }

  @Test
  void makesDirectoriesThroughSymlinksInsideOnly() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.symlink("l", layer.canary.toString()).symlink("k", "/d").directory("d").finish();
      try (RootFiles files = TreeFiles.open(layer.root)) {
        files.makeDirectories(path("k/x"));
        assertThrows(UnsafeContentException.class, () -> files.makeDirectories(path("l/x")));
      }
      assertTrue(Files.isDirectory(layer.root.resolve("d/x")));
      layer.assertCanaryUntouched();
    }
  }
}
