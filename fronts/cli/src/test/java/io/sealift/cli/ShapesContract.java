package io.sealift.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.linux.TreeFiles;
import io.sealift.overlay.CopySnapshotter;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayerStream;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of unusual shapes, from a registry to a tree: it is right, or refused with the bound, and
/// nothing of it stays behind.
abstract class ShapesContract {

  @TempDir(factory = InMemory.class)
  Path directory;

  private InProcessRegistry registry = InProcessRegistry.start();

  /// Makes the tree of an image, and expects no failure.
  ///
  /// @return its root directory
  Path tree(BuiltImage image, String... options) {
    Run run = run(image, options);
    assertEquals(0, run.status(), run.err());
    assertEquals(image.digest() + "\n", run.out());
    return root();
  }

  /// Tries to.
  Run run(BuiltImage image, String... options) {
    registry.push("app", "v1", image);
    return run(registry.name("app", "v1"), options);
  }

  abstract Run run(String image, String... options);

  /// Where the tree is.
  abstract Path root();

  /// Takes it away again, with all that was kept of the image; nothing stays.
  abstract void undo() throws IOException;

  @AfterEach
  void nothingStays() throws Exception {
    registry.close();
    undo();
    assertFalse(Files.exists(root()));
  }

  /// Every layer adds a file and replaces another one, every second one deletes that of the layer
  /// below.
  static BuiltImage manyLayers(int count) {
    ImageBuilder image = new ImageBuilder();
    for (int i = 0; i < count; i++) {
      TarBuilder tar = new TarBuilder().file("last", Integer.toString(i)).file(numbered(i), "x");
      if (i % 2 == 1) {
        tar.file(".wh." + numbered(i - 1), "");
      }
      image.layer(tar.build(), Packing.TAR);
    }
    return image.build();
  }

  private static String numbered(int i) {
    return "file%04d".formatted(i);
  }

  void assertManyLayers(int count, List<String> lines) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % 2 == 1 || i == count - 1) {
        expected.add(numbered(i) + " 644 x");
      }
    }
    expected.add("last 644 " + (count - 1));
    assertEquals(expected, lines);
  }

  @Test
  void fiveHundredLayers() throws Exception {
    assertManyLayers(500, TreeLines.of(tree(manyLayers(500))));
  }

  @Test
  void moreLayersThanAnyImageHasAreRefusedWithTheBound() {
    Run run = run(manyLayers(1025));
    assertEquals(7, run.status());
    assertTrue(run.err().contains("1024"), run.err());
  }

  @Test
  void aLayerThatIsThereTwiceWinsAgain() throws Exception {
    byte[] a =
        new TarBuilder()
            .add(TarMember.directory("d").mode(0700))
            .file("d/both", "A")
            .file("d/.wh.b", "")
            .file("a", "A")
            .hardLink("twin", "a")
            .build();
    byte[] b =
        new TarBuilder()
            .add(TarMember.directory("d").mode(0755))
            .file("d/both", "B")
            .file("d/b", "B")
            .file("d/stays", "B")
            .file(".wh.a", "")
            .symlink("twin", "d")
            .build();
    assertEquals(
        List.of("a 644 A", "d/ 700", "d/both 644 A", "d/stays 644 B", "twin =0"),
        TreeLines.of(tree(new ImageBuilder().layer(a).layer(b).layer(a).build())));
  }

  @Test
  void aHundredThousandFilesInOneDirectory() throws Exception {
    int count = 100_000;
    LayerStream layer = new LayerStream().add(TarMember.directory("d"));
    for (int i = 0; i < count; i++) {
      layer.add(TarMember.file("d/file%06d".formatted(i), Integer.toString(i)));
    }
    BuiltImage image =
        new ImageBuilder()
            .layer(layer.build())
            .layer(new TarBuilder().file("d/.wh.file000007", "").build())
            .build();
    try (RootFiles files = new CopySnapshotter().open(tree(image))) {
      List<byte[]> names = files.names(TreeLines.path("d")).orElseThrow();
      assertEquals(count - 1, names.size());
      for (int i = 0; i < count - 1; i++) {
        int number = i < 7 ? i : i + 1;
        assertEquals("file%06d".formatted(number), new String(names.get(i), UTF_8));
      }
      for (int i : new int[] {0, 8, 54_321, count - 1}) {
        byte[] content = files.read(TreeLines.path("d/file%06d".formatted(i)), 10).orElseThrow();
        assertEquals(Integer.toString(i), new String(content, UTF_8));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OLD_GNU, GNU", "PAX_0_0, PAX", "PAX_0_1, PAX", "PAX_1_0, PAX"})
  void fiveGigabytesThatAreHolesButForThreePlaces(Sparse style, Dialect dialect) throws Exception {
    long size = 5L << 30;
    TreeMap<Long, byte[]> regions = new TreeMap<>();
    for (long at : new long[] {0, 3L << 30, size - 512}) {
      regions.put(at, "%-512d".formatted(at).getBytes(UTF_8));
    }
    byte[] tar =
        new TarBuilder(dialect).add(TarMember.file("s", "").sparse(style, size, regions)).build();
    Path root = tree(new ImageBuilder().layer(tar).build());
    assertEquals(size, Files.size(root.resolve("s")));
    long allocated = TreeFiles.usage(root).bytes();
    assertTrue(allocated <= 64 * 1024, allocated + " bytes are allocated");
    try (FileChannel file = FileChannel.open(root.resolve("s"))) {
      for (long at : regions.keySet()) {
        assertArrayEquals(regions.get(at), bytes(file, at, 512));
      }
      assertArrayEquals(new byte[512], bytes(file, 512, 512));
      assertArrayEquals(new byte[512], bytes(file, size - 1024, 512));
    }
  }

  private static byte[] bytes(FileChannel file, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    file.read(bytes, at);
    return bytes.array();
  }

  /// A file that is the last of so many components, all but one of them directories of the same
  /// name with an entry of their own.
  private static BuiltImage deep(int depth, String name) {
    LayerStream layer = new LayerStream();
    for (int i = 1; i < depth; i++) {
      layer.add(TarMember.directory((name + "/").repeat(i)));
    }
    layer.add(TarMember.file((name + "/").repeat(depth - 1) + "f", "bottom"));
    return new ImageBuilder().layer(layer.build()).build();
  }

  private static String[] options(String words) {
    return words.isEmpty() ? new String[0] : words.split(" ", -1);
  }

  @ParameterizedTest
  @CsvSource({
    "256, 1, ''",
    "20, 200, ''",
    "512, 1, --max-depth=512",
    "512, 250, --max-depth=512 --max-path-bytes=128K"
  })
  void pathsAsDeepAndAsLongAsTheBounds(int depth, int nameBytes, String options) throws Exception {
    String name = "d".repeat(nameBytes);
    Path root = tree(deep(depth, name), options(options));
    try (SecureDirectoryStream<Path> bottom = bottom(root, depth, name);
        var file = bottom.newByteChannel(Path.of("f"), Set.of(StandardOpenOption.READ))) {
      ByteBuffer content = ByteBuffer.allocate(10);
      assertEquals(6, file.read(content));
      assertEquals("bottom", new String(content.array(), 0, 6, UTF_8));
    }
  }

  /// The directory of the last component; each is opened from the one above, as paths are bounded.
  /// The caller closes it.
  @SuppressWarnings("StreamResourceLeak")
  private static SecureDirectoryStream<Path> bottom(Path root, int depth, String name)
      throws IOException {
    DirectoryStream<Path> at = Files.newDirectoryStream(root);
    for (int i = 1; i < depth; i++) {
      try (DirectoryStream<Path> above = at) {
        at = ((SecureDirectoryStream<Path>) above).newDirectoryStream(Path.of(name));
      }
    }
    return (SecureDirectoryStream<Path>) at;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "257  | 1   | ''                                    | at most 256 components (maxDepth), found more",
        "4096 | 1   | ''                                    | at most 256 components (maxDepth), found more",
        "4096 | 1   | --max-depth=512 --max-path-bytes=16K  | at most 512 components (maxDepth), found more",
        "22   | 200 | ''                                    | at most 4096 bytes (maxPathBytes), found 4220",
        "512  | 250 | --max-depth=512 --max-path-bytes=64K  | at most 65536 bytes (maxPathBytes), found 65761",
      })
  void deeperAndLongerPathsAreRefusedWithTheBound(
      int depth, int nameBytes, String options, String bound) {
    String name = "d".repeat(nameBytes);
    BuiltImage image = deep(depth, name);
    Run run = run(image, options(options));
    assertEquals(7, run.status(), run.err());
    String path = (name + "/").repeat(256).substring(0, 256);
    assertEquals(
        "sealift: layer %s: read path %s…: expected %s\n"
            .formatted(image.layers().getFirst().digest(), path, bound),
        run.err());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 20, 1000})
  void aLayerOfNothingButZeroBlocksChangesNothing(int blocks) throws Exception {
    byte[] nothing = new TarBuilder().zeroBlocks(blocks).withoutTrailer();
    byte[] file = new TarBuilder().file("f", "x").build();
    Path root =
        tree(new ImageBuilder().layer(nothing).layer(file).layer(nothing, Packing.ZSTD).build());
    assertEquals(List.of("f 644 x"), TreeLines.of(root));
  }

  @Test
  void anImageOfEmptyLayersIsAnEmptyTree() throws Exception {
    byte[] nothing = new TarBuilder().build();
    assertEquals(
        List.of(),
        TreeLines.of(tree(new ImageBuilder().layer(nothing, Packing.TAR).layer(nothing).build())));
  }

  /// In bytes; none of them is UTF-8 but the last two.
  private static final List<String> NAMES =
      List.of(
          "\u00ff",
          "caf\u00e9",
          "\u00c0\u00af",
          "\u00ed\u00a0\u0080",
          "\u0080.\n\t",
          "a\\b",
          "\u00c3\u00a9");

  @ParameterizedTest
  @CsvSource({"USTAR", "GNU", "PAX"})
  void namesThatAreNotUtf8(Dialect dialect) throws Exception {
    TarBuilder lower = new TarBuilder(dialect);
    TarBuilder upper = new TarBuilder(dialect);
    for (String name : NAMES) {
      lower.add(TarMember.directory("").name(latin(name + "/")));
      lower.add(TarMember.file("", "x").name(latin(name + "/" + name)));
      lower.add(TarMember.symlink("", "").name(latin(name + "/l" + name)).link(latin(name)));
      lower.add(TarMember.hardLink("", "").name(latin(name + "/z")).link(latin(name + "/" + name)));
      lower.add(TarMember.file("", "y").name(latin("gone" + name)));
      upper.add(TarMember.file("", "").name(latin(".wh.gone" + name)));
    }
    if (dialect != Dialect.USTAR) {
      lower.add(TarMember.file("", "long").name(latin("\u00ff".repeat(255))));
    }
    Path root = tree(new ImageBuilder().layer(lower.build()).layer(upper.build()).build());
    try (RootFiles files = new CopySnapshotter().open(root)) {
      for (String name : NAMES) {
        FileStat first = files.stat(TreeLines.path(name + "/" + name)).orElseThrow();
        FileStat second = files.stat(TreeLines.path(name + "/z")).orElseThrow();
        assertEquals(first.inode(), second.inode(), name);
        assertArrayEquals(
            latin(name), files.link(TreeLines.path(name + "/l" + name)).orElseThrow());
        assertTrue(files.stat(TreeLines.path("gone" + name)).isEmpty(), name);
      }
      if (dialect != Dialect.USTAR) {
        assertEquals(4, files.stat(TreeLines.path("\u00ff".repeat(255))).orElseThrow().size());
      }
      int top = NAMES.size() + (dialect == Dialect.USTAR ? 0 : 1);
      assertEquals(top, files.names(TreeLines.path("")).orElseThrow().size());
    }
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
