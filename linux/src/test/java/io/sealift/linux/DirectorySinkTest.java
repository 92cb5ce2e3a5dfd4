package io.sealift.linux;

import static io.sealift.linux.LayerFixture.TIME;
import static io.sealift.linux.LayerFixture.bytes;
import static io.sealift.linux.LayerFixture.mine;
import static io.sealift.linux.LayerFixture.owned;
import static io.sealift.linux.LayerFixture.path;
import static io.sealift.linux.LayerFixture.xattr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorySinkTest {

  @TempDir Path scratch;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # entries                                      | tree
          dir a; file a/b                                | dir 755 a, file 644 a/b 1
          file a/b/c                                     | dir 755 a, dir 755 a/b, file 644 a/b/c 0
          file a; file a                                 | file 644 a 1
          file a; dir a                                  | dir 755 a opaque
          dir a; file a/b; dir a                         | dir 755 a, file 644 a/b 1
          dir a; file a/b/c; file a                      | file 644 a 2
          dir a; file a/b; link a -> x                   | link a -> x
          link a -> x; link a -> y                       | link a -> y
          dir d; link l -> d; dir l                      | dir 755 d, dir 755 l opaque
          dir d; link l -> d; file l                     | dir 755 d, file 644 l 2
          fifo p; file p                                 | file 644 p 1
          file p; fifo p                                 | fifo 600 p
          file f; file f/x                               | dir 755 f opaque, file 644 f/x 1
          fifo f; file f/x/y                             | dir 755 f opaque, dir 755 f/x, file 644 f/x/y 1
          dir d; link l -> d; file l/x                   | dir 755 d, file 644 d/x 2, link l -> d
          link l -> d; file l/x                          | dir 755 d, file 644 d/x 1, link l -> d
          link l -> /a/b; file l/x                       | dir 755 a, dir 755 a/b, file 644 a/b/x 1, link l -> /a/b
          link l -> ../../../a; file l/x                 | dir 755 a, file 644 a/x 1, link l -> ../../../a
          link a/l -> ../b; file a/l/x                   | dir 755 a, link a/l -> ../b, dir 755 b, file 644 b/x 1
          link a/l -> .; file a/l/l/x                    | dir 755 a, link a/l -> ., file 644 a/x 1
          link 1 -> 2; link 2 -> 3; file 1/x             | link 1 -> 2, link 2 -> 3, dir 755 3, file 644 3/x 2
          link l -> d; dir l/s; file l/s/f; file d/s/g   | dir 755 d, dir 755 d/s, file 644 d/s/f 2, file 644 d/s/g 3, link l -> d
          dir a; link l -> a; file l/x; dir b; link l -> b; file l/x | dir 755 a, file 644 a/x 2, dir 755 b, file 644 b/x 5, link l -> b
          """)
  void writesEntriesOverOneAnother(String entries, String tree) throws Exception {
    assertEquals(tree, written(entries));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          whiteout a                         | whiteout a
          whiteout a/b                       | dir 755 a, whiteout a/b
          whiteout a; whiteout a             | whiteout a
          whiteout a; file a                 | file 644 a 1
          file a; whiteout a                 | file 644 a 0
          whiteout a; link a -> b            | link a -> b
          whiteout a; dir a                  | dir 755 a opaque
          dir a; whiteout a                  | dir 755 a opaque
          dir a; file a/b; whiteout a        | dir 755 a opaque, file 644 a/b 1
          whiteout a; file a/b               | dir 755 a opaque, file 644 a/b 1
          file a/b; whiteout a               | dir 755 a opaque, file 644 a/b 0
          opaque a                           | dir 755 a opaque
          opaque a; file a/b                 | dir 755 a opaque, file 644 a/b 1
          file a/b; opaque a                 | dir 755 a opaque, file 644 a/b 0
          opaque a; dir a                    | dir 755 a opaque
          dir a; opaque a; dir a             | dir 755 a opaque
          opaque a/b                         | dir 755 a, dir 755 a/b opaque
          file a; opaque a                   | dir 755 a opaque
          opaque a; file a                   | file 644 a 1
          link l -> d; opaque l              | dir 755 d opaque, link l -> d
          link l -> d; whiteout l/x          | dir 755 d, whiteout d/x, link l -> d
          whiteout h; file f; hard h = f     | file 644 f 1, file 644 h 1
          hard h = f; whiteout h; file f     | file 644 f 2, file 644 h 2
          """)
  void marksDeletions(String entries, String tree) throws Exception {
    assertEquals(tree, written(entries));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          file f; hard h = f                       | file 644 f 0, file 644 h 0                 | ''
          hard h = f; file f                       | file 644 f 1, file 644 h 1                 | ''
          hard 1 = 2; hard 2 = 3; file 3           | file 644 1 2, file 644 2 2, file 644 3 2   | ''
          file f; file h; hard h = f               | file 644 f 0, file 644 h 0                 | ''
          file f; dir h; file h/x; hard h = f      | file 644 f 0, file 644 h 0                 | ''
          file d/f; hard e/h = d/f                 | dir 755 d, file 644 d/f 0, dir 755 e, file 644 e/h 0 | ''
          link s -> f; hard h = s                  | link h -> f, link s -> f                   | ''
          link l -> d; file d/f; hard h = l/f      | dir 755 d, file 644 d/f 1, file 644 h 1, link l -> d | ''
          hard h = f                               | ''                                         | h=f
          hard a/h = b/f                           | dir 755 a                                  | a/h=b/f
          hard h = f; whiteout h                   | ''                                         | h=f
          whiteout f; hard h = f                   | whiteout f                                 | h=f
          hard 2 = f; hard 1 = f                   | ''                                         | 2=f 1=f
          hard h = f; file h                       | file 644 h 1                               | ''
          hard h = f; dir h; file f                | file 644 f 2, dir 755 h opaque                    | ''
          hard d/h = f; file d                     | file 644 d 1                               | ''
          hard h = f; hard h = g; file f           | file 644 f 2                               | h=g
          hard h = f; file h; file f               | file 644 f 2, file 644 h 1                 | ''
          """)
  void linksNames(String entries, String tree, String pending) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      TreeSummary summary = layer.script(entries).finish();
      assertEquals(tree, String.join(", ", layer.lines()));
      List<String> left = new ArrayList<>();
      for (TreeSummary.PendingLink link : summary.pendingLinks()) {
        left.add(link.path() + "=" + link.target());
      }
      assertEquals(pending, String.join(" ", left));
    }
  }

  @Test
  void linkedNamesShareTheirInode() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.script("hard b = a; file a; hard c = b").finish();
      assertEquals(3, layer.stat("a").links());
      assertEquals(layer.stat("a").inode(), layer.stat("b").inode());
      assertEquals(layer.stat("a").inode(), layer.stat("c").inode());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dir d; hard h = d           | make hard link h: its target d is a directory
          hard h = d; dir d           | make hard link h: its target d is a directory
          hard h = .                  | make hard link h: its target is a directory
          hard h = h                  | make hard link h: its target is h, which it would replace
          file h; hard h = h          | make hard link h: its target is h, which it would replace
          file d/f; hard d = d/f      | make hard link d: its target is d/f, which it would replace
          file .                      | unpack layer: its root is something else than a directory
          whiteout .                  | unpack layer: its root is something else than a directory
          link l -> l; file l/x       | follow symlinks of l: more than 40
          link a -> b; link b -> a; whiteout a/x | follow symlinks of a: more than 40
          """)
  void refuses(String entries, String message) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      UnsafeContentException refused =
          assertThrows(UnsafeContentException.class, () -> layer.script(entries).finish());
      assertEquals(message, refused.getMessage());
      layer.assertCanaryUntouched();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dir a; file a/b               | .
          dir .; dir a                  | ''
          file a/b/c                    | . a a/b
          file a/b/c; dir a             | . a/b
          file a/b; file a              | .
          dir a; opaque a/b             | . a/b
          whiteout a/b                  | . a
          hard a/b = c                  | . a
          link l -> x/y; file l/f       | . x x/y
          link l -> x; file l/f; dir x  | .
          """)
  void reportsDirectoriesWithoutEntry(String entries, String implied) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      List<String> paths = new ArrayList<>();
      for (Object path : layer.script(entries).finish().implied()) {
        paths.add(path.toString().isEmpty() ? "." : path.toString());
      }
      assertEquals(implied, String.join(" ", paths));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "400", "644", "666", "777", "4755", "2755", "1777", "7777"})
  void givesModesExactly(String octal) throws Exception {
    int mode = Integer.parseInt(octal, 8);
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("f", "", mine(mode)).fifo("p", mine(mode)).hardLink("h", "f");
      layer.directory("d", mine(mode)).file("d/x", "").directory("d/y");
      List<WithheldMode> withheld = layer.finish().withheld();
      int readable = withheld(mode, 0400) ? mode | 0400 : mode;
      int enterable = withheld(mode, 0700) ? mode | 0700 : mode;
      List<WithheldMode> expected = new ArrayList<>();
      if (enterable != mode) {
        expected.add(new WithheldMode(path("d"), mode));
      }
      if (readable != mode) {
        expected.add(new WithheldMode(path("f"), mode));
        expected.add(new WithheldMode(path("h"), mode));
      }
      assertEquals(expected, withheld);
      assertEquals(readable, layer.stat("f").permissions());
      assertEquals(mode, layer.stat("p").permissions());
      assertEquals(enterable, layer.stat("d").permissions());
      Files.setPosixFilePermissions(
          layer.root.resolve("d"),
          java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      assertEquals(0644, layer.stat("d/x").permissions());
      assertEquals(0755, layer.stat("d/y").permissions());
    }
  }

  /// Whether a mode keeps the one out who runs the test, which root it never does.
  private static boolean withheld(int mode, int needed) {
    return mine(0).uid() != 0 && (mode & needed) != needed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file f 0; file f 644                 | ",
        "file f 0; hard h = f; file f 644     | h",
        "hard h = f; file f 0                 | f h",
        "file f 0; hard h = f; file h 644     | f",
        "dir d 0; dir d 755                   | ",
        "dir d 0; file d/x 0; file d 644      | ",
        "file f 0; whiteout f; dir e 500      | e f",
      })
  void withholdsTheModesOfWhatIsThereInTheEnd(String script, @Nullable String expected)
      throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      for (String line : script.split("; ", -1)) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "file" -> layer.file(words[1], "", mine(Integer.parseInt(words[2], 8)));
          case "dir" -> layer.directory(words[1], mine(Integer.parseInt(words[2], 8)));
          default -> layer.script(line);
        }
      }
      String found =
          layer.finish().withheld().stream()
              .map(mode -> mode.path().toString())
              .collect(Collectors.joining(" "));
      assertEquals(expected == null || mine(0).uid() == 0 ? "" : expected, found);
    }
  }

  @Test
  void timesOfDirectoriesAreKeptWhateverIsWrittenIntoThem() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.script("dir .; dir a; dir a/b; file a/f; link a/l -> x; fifo a/p; hard a/h = a/f");
      // More directories than are held open.
      for (int i = 0; i < 200; i++) {
        layer.directory("many" + i).file("many" + i + "/f", "");
      }
      layer.script("file a/later; whiteout a/w; file a/b/c; whiteout a/later/x; file many0/g");
      layer.finish();
      for (String path : List.of(".", "a", "a/b", "a/f", "a/l", "a/p", "many0", "many7/f")) {
        assertEquals(TIME, layer.stat(path).mtime(), path);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-1,0", "-86400,999999999", "0,1", "1700000000,5"})
  void keepsTimesBeforeAndAfter1970(long seconds, int nanos) throws Exception {
    Attributes.FileTime time = new Attributes.FileTime(seconds, nanos);
    Attributes mine = mine(0644);
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("f", "x", new Attributes(0644, mine.uid(), mine.gid(), time, List.of())).finish();
      assertEquals(time, layer.stat("f").mtime());
    }
  }

  @Test
  void keepsNamesThatAreNotUtf8() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("\u00ff").file("\u00ff/\u00c3(", "x").symlink("s", "\u00fe").finish();
      assertEquals(
          List.of("link s -> \u00fe", "dir 755 \u00ff", "file 644 \u00ff/\u00c3( x"),
          layer.lines());
    }
  }

  @Test
  void writesAtOffsetsAndLeavesTheRestZero() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      try (TreeSink.Body body = layer.sink().file(path("f"), mine(0644), 20)) {
        ByteBuffer direct = ByteBuffer.allocateDirect(8).put(bytes("..abcd..")).position(2);
        body.write(direct.limit(6), 3);
        body.write(ByteBuffer.wrap(bytes("ef")).asReadOnlyBuffer(), 10);
      }
      layer.finish();
      assertEquals(List.of("file 644 f \0\0\0abcd\0\0\0ef" + "\0".repeat(8)), layer.lines());
    }
  }

  @Test
  void holesTakeNoSpace() throws Exception {
    long size = 5L << 30;
    try (LayerFixture layer = new LayerFixture(scratch)) {
      try (TreeSink.Body body = layer.sink().file(path("f"), mine(0644), size)) {
        body.write(ByteBuffer.wrap(bytes("x")), size / 2);
      }
      layer.finish();
      assertEquals(size, layer.stat("f").size());
      assertTrue(TreeFiles.usage(layer.root).bytes() < 1 << 20);
    }
  }

  @Test
  void writesBelowPathsThatAreLongerThanTheKernelTakes() throws Exception {
    String deep = "dddd/".repeat(1100);
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file(deep + "f", "x").directory(deep + "e").file(deep + "e/g", "y");
      assertEquals(1101, layer.finish().implied().size());
      assertEquals(1100 + 4, TreeFiles.usage(layer.root).inodes());
      TreeFiles.remove(layer.root);
      assertTrue(Files.notExists(layer.root));
    }
  }

  @Test
  void worksWithoutOpenat2() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch, false)) {
      layer.script("link l -> a/b; file l/x; dir a; file a/b/y; hard z = l/x; file a/b/x").finish();
      assertEquals(
          List.of(
              "dir 755 a",
              "dir 755 a/b",
              "file 644 a/b/x 5",
              "file 644 a/b/y 3",
              "link l -> a/b",
              "file 644 z 1"),
          layer.lines());
    }
  }

  @Test
  void setsUserAttributesOfFilesAndDirectories() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("f", "", mine(0444, xattr("user.a", "1"), xattr("user.b", "")));
      layer.directory("d", mine(0555, xattr("user.c", "\0\u00ff")));
      TreeSummary summary = layer.finish();
      assertEquals(List.of(), summary.losses());
      assertEquals(List.of("user.a=1", "user.b="), layer.xattrs("f"));
      assertEquals(List.of("user.c=\0\u00ff"), layer.xattrs("d"));
      assertEquals(0444, layer.stat("f").permissions());
      assertEquals(withheld(0555, 0700) ? 0755 : 0555, layer.stat("d").permissions());
    }
  }

  @Test
  void aDirectoryEntryReplacesTheAttributesOfAnEarlierOne() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("d", mine(0500, xattr("user.a", "1"), xattr("user.b", "2"))).opaque("d");
      layer.directory("d", mine(0750, xattr("user.b", "3"))).finish();
      assertEquals(0750, layer.stat("d").permissions());
      assertEquals(
          List.of("user.b=3"),
          layer.xattrs("d").stream().filter(x -> !x.contains(".overlay.")).toList());
      assertEquals(List.of("dir 750 d opaque"), layer.lines());
    }
  }

  @Test
  void anAttributeThatIsRefusedIsALoss() throws Exception {
    String large = "x".repeat(Xattrs.VALUE_BYTES_MAX + 1);
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("a", "", mine(0644, xattr("user.large", large)));
      layer.file("b", "", mine(0644, xattr("user." + "n".repeat(300), "")));
      layer.file("c", "", mine(0644, xattr("unknown.x", "")));
      List<TreeSummary.Loss> losses = layer.finish().losses();
      assertEquals(
          List.of(
              new TreeSummary.Loss("user.*", 2, path("a"), "E2BIG (too long)"),
              new TreeSummary.Loss(
                  "extended attribute",
                  1,
                  path("c"),
                  "EOPNOTSUPP (not supported by the file system)")),
          losses);
    }
  }

  /// As root nothing is lost; an ordinary user is told what is, and has the rest.
  @Test
  void whatNeedsAPrivilegeIsLostWithoutIt() throws Exception {
    Attributes.Xattr capability =
        xattr("security.capability", "\1\0\0\2\0\40\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.directory("d", owned(0755, 12, 34)).file("d/f", "x", owned(04711, 12, 34, capability));
      layer.sink().symlink(path("l"), bytes("x"), owned(0777, 12, 34));
      layer.sink().device(path("null"), TreeSink.DeviceKind.CHARACTER, 1, 3, mine(0666));
      layer.fifo("p", mine(0600)).whiteout("w").opaque("o");
      List<TreeSummary.Loss> losses = layer.finish().losses();
      List<String> tree =
          new ArrayList<>(
              List.of("dir 755 d", "file 4711 d/f x", "link l -> x", "chr 666 null 1:3"));
      tree.addAll(List.of("dir 755 o opaque", "fifo 600 p", "whiteout w"));
      String refused = "EPERM (operation not permitted)";
      if (mine(0).uid() == 0) {
        assertEquals(List.of(), losses);
      } else {
        tree.set(3, "whiteout null"); // what lower layers have there is gone all the same
        assertEquals(
            List.of(
                new TreeSummary.Loss("owner", 3, path("d"), refused),
                new TreeSummary.Loss("security.capability", 1, path("d/f"), refused),
                new TreeSummary.Loss("device", 1, path("null"), refused)),
            losses);
      }
      assertEquals(tree, layer.lines());
    }
  }

  @Test
  void aFileThatIsNotEndedIsNotTakenForWhole() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.sink().file(path("f"), mine(0644), 4);
      assertThrows(IllegalStateException.class, layer::finish);
    }
  }

  @Test
  void aHundredThousandFilesInOneDirectory() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      Attributes attributes = mine(0644);
      layer.directory("d");
      for (int i = 0; i < 100_000; i++) {
        layer.sink().file(path("d/f" + i), attributes, 0).close();
      }
      layer.finish();
      assertEquals(100_002, TreeFiles.usage(layer.root).inodes());
      TreeFiles.remove(layer.root);
      assertTrue(Files.notExists(layer.root));
    }
  }

  @Test
  void whatMustBeRememberedIsBounded() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      UnsafeContentException refused =
          assertThrows(
              UnsafeContentException.class,
              () -> {
                for (int i = 0; ; i++) {
                  layer.hardLink("d/" + i, "x".repeat(255) + "/" + "y".repeat(255));
                }
              });
      assertEquals(
          "unpack layer: its implied directories, forward hard links and unreadable files"
              + " need more than 16777216 bytes to remember",
          refused.getMessage());
    }
  }

  private String written(String entries) throws IOException, ImageException {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      TreeSummary summary = layer.script(entries).finish();
      assertEquals(List.of(), summary.losses());
      layer.assertCanaryUntouched();
      for (String line : layer.lines()) {
        if (line.startsWith("file")) {
          assertEquals(FileStat.Type.REGULAR, layer.stat(line.split(" ", -1)[2]).type());
        }
      }
      return String.join(", ", layer.lines());
    }
  }
}
