package io.sealift.testing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.oci.DiffId;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.store.Check;
import io.sealift.store.Check.Unproved;
import io.sealift.store.LayerLease;
import io.sealift.store.Store;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Sparse;
import io.sealift.testing.snapshot.PlainSnapshotter;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Layers that somebody changed after they were committed, and layers of every kind that nobody
/// did.
class LayerCheckTest {

  @TempDir Path scratch;
  private Store store;

  @BeforeEach
  void open() throws Exception {
    store = Store.open(scratch.resolve("store"), new PlainSnapshotter());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @EnumSource(TarMember.Dialect.class)
  void soundLayersOfEveryDialectPass(TarMember.Dialect dialect) throws Exception {
    put(tree(new TarBuilder(dialect)).build());
    assertEquals(new Check(0, 0, 1, List.of(), List.of()), store.fsck(false));
  }

  @ParameterizedTest
  @EnumSource(Sparse.class)
  void soundSparseFilesPass(Sparse style) throws Exception {
    put(sparse(style));
    assertEquals(List.of(), store.fsck(false).findings());
  }

  /// A file with bytes from 4096 to 4099 and from 1000000 to 1000003.
  private static byte[] sparse(Sparse style) {
    TreeMap<Long, byte[]> regions = new TreeMap<>();
    regions.put(4096L, "one".getBytes(StandardCharsets.UTF_8));
    regions.put(1_000_000L, "two".getBytes(StandardCharsets.UTF_8));
    return new TarBuilder()
        .add(TarMember.file("sparse", "").sparse(style, 1_048_576, regions))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4095, 0",
    "4099, 4099",
    "999999, 4099",
    "1000003, 1000003",
    "1048575, 1000003"
  })
  void findsBytesInAHole(long offset, long hole) throws Exception {
    DiffId layer = put(sparse(Sparse.PAX_1_0));
    Path file = store.layer(layer).orElseThrow().tree().directory().resolve("sparse");
    FileTime before = Files.getLastModifiedTime(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), offset);
    }
    Files.setLastModifiedTime(file, before);
    requireFinding(layer, "sparse: expected a hole at %d, found data".formatted(hole));
  }

  @Test
  void layersWhoseEntriesReplaceEachOtherPass() throws Exception {
    put(
        new TarBuilder()
            .directory("a")
            .symlink("a/l", "x")
            .file("a/l", "now a file")
            .symlink("b", "a")
            .directory("b")
            .directory("c")
            .hardLink("c/later", "d")
            .file("d", "linked")
            .file("implied/x", "x")
            .file("gone/.wh.y", "")
            .directory("gone/y")
            .file(".wh.z", "")
            .hardLink("pending", "below")
            .build());
    assertEquals(List.of(), store.fsck(false).findings());
  }

  /// The tars say `f:a=x` for a file, `d:a` for a directory, `l:a=x` for a symlink, `h:a=x` for a
  /// hard link; then the entry that makes the digest unprovable, if there is one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f:a=one f:a=two            | a",
        "f:a=one f:a=longer         | a",
        "f:a=longer f:a=            | a",
        "f:a=one f:a=one            | ",
        "f:a= f:a=two               | ",
        "f:a=one f:b=x l:a=b        | a",
        "f:a=one d:a                | a",
        "f:a=one f:a/b=x            | a",
        "d:a f:a/b=one f:a=x        | a",
        "d:a f:a/b=one f:a=x f:a=yy | a",
        "d:a d:a/b f:a=x            | ",
        "d:a f:a/b=one d:a          | ",
        "f:a=one h:b=a f:b=two      | ",
        "f:a=one f:b=x h:a=b        | a",
        "f:a=one h:a=later          | a",
        "f:a=one f:.wh.a=           | ",
        "f:.wh.a= f:a=one           | ",
      })
  void aLayerThatReplacesItsOwnFilesIsSoundButNotProved(String script, @Nullable String entry)
      throws Exception {
    DiffId layer = put(tar(script));
    List<Unproved> unproved =
        entry == null
            ? List.of()
            : List.of(
                new Unproved(
                    "layer " + layer,
                    "its digest was not computed, because a later entry replaces %s, whose content is gone"
                        .formatted(entry)));
    for (boolean repair : new boolean[] {false, true}) {
      assertEquals(new Check(0, 0, 1, List.of(), unproved), store.fsck(repair));
    }
    assertTrue(store.layer(layer).isPresent());
  }

  @Test
  void theTreeOfALayerThatReplacesItsOwnFilesIsComparedAllTheSame() throws Exception {
    DiffId layer = put(tar("f:a=one f:a=two f:b=x"));
    change(store.layer(layer).orElseThrow().tree().directory().resolve("b"), "mode");
    requireFinding(layer, "b: expected mode 644, found 4755");
  }

  private static byte[] tar(String script) {
    TarBuilder tar = new TarBuilder();
    for (String word : script.split(" ", -1)) {
      String[] parts = word.substring(2).split("=", -1);
      switch (word.charAt(0)) {
        case 'f' -> tar.file(parts[0], parts[1]);
        case 'd' -> tar.directory(parts[0]);
        case 'l' -> tar.symlink(parts[0], parts[1]);
        default -> tar.hardLink(parts[0], parts[1]);
      }
    }
    return tar.build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "content   | etc/motd  | verify rebuilt tar: expected sha256:",
        "shorter   | etc/motd  | rebuild tar: etc/motd: expected 4 more bytes at 1, found the end",
        "longer    | etc/motd  | again: expected size 5, found 6, and 1 more",
        "delete    | etc/motd  | etc/motd: expected a file",
        "mode      | etc/motd  | again: expected mode 644, found 4755",
        "time      | etc/motd  | again: expected time 1000000000.000000000, found 7.000000000",
        "mode      | etc       | etc: expected mode 755, found 4755",
        "time      | etc       | etc: expected time 1000000000.000000000, found 7.000000000",
        "link      | etc/link  | etc/link: expected a symlink to motd, found ../../../shadow",
        "file      | etc/link  | etc/link: expected a symlink, found a file",
        "delete    | etc/link  | etc/link: expected a symlink, found nothing",
        "file      | etc/extra | etc/extra: expected nothing, found an entry",
        "delete    | .wh.gone  | gone: expected a whiteout, found nothing",
        "file      | .wh.bin   | bin: expected nothing, found an entry",
        "unlink    | again     | etc/motd: expected the hard links of the tar, found others",
      })
  void findsWhatWasChanged(String how, String path, String expected) throws Exception {
    DiffId layer = put(tree(new TarBuilder()).build());
    Path tree = store.layer(layer).orElseThrow().tree().directory();
    FileTime before = Files.getLastModifiedTime(tree.resolve("etc"));
    change(tree.resolve(path), how);
    if (!path.equals("etc")) {
      Files.setLastModifiedTime(tree.resolve("etc"), before);
    }
    requireFinding(layer, expected);
  }

  @Test
  @Tag("root")
  void findsAnotherOwner() throws Exception {
    DiffId layer = put(tree(new TarBuilder()).build());
    Path tree = store.layer(layer).orElseThrow().tree().directory();
    Files.setAttribute(tree.resolve("etc/motd"), "unix:gid", 42);
    requireFinding(layer, "again: expected group 0, found 42");
  }

  @Test
  void findsAnAlteredSplit() throws Exception {
    DiffId layer = put(tree(new TarBuilder()).build());
    Path split = split(layer);
    byte[] bytes = Files.readAllBytes(split);
    for (int at = 0; at < bytes.length; at++) {
      byte[] altered = bytes.clone();
      altered[at] ^= 1;
      Files.write(split, altered);
      assertEquals(1, store.fsck(false).findings().size(), "byte " + at);
    }
    Files.write(split, bytes);
    assertTrue(store.fsck(false).clean());
  }

  @Test
  void aSplitThatNamesAPathOfGigabytesIsBrokenAndTakesNoMemory() throws Exception {
    DiffId layer = put(tree(new TarBuilder()).build());
    byte[] hostile = "SLSPLIT1\6\0\377\377\377\377\7".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(split(layer), hostile);
    requireFinding(layer, "read tar split: expected a path within its bounds, found a longer one");
  }

  private static TarBuilder tree(TarBuilder tar) {
    return tar.directory("etc")
        .file("etc/motd", "hello")
        .symlink("etc/link", "motd")
        .hardLink("again", "etc/motd")
        .file(".wh.gone", "");
  }

  private Path split(DiffId layer) throws Exception {
    return store.layer(layer).orElseThrow().tree().directory().resolveSibling("split");
  }

  private void requireFinding(DiffId layer, String expected) throws Exception {
    Check check = store.fsck(false);
    assertEquals(1, check.findings().size(), check.toString());
    assertEquals("layer " + layer, check.findings().getFirst().subject());
    String wrong = check.findings().getFirst().wrong();
    assertTrue(wrong.startsWith(expected), wrong);
    assertTrue(store.fsck(true).sound());
    assertTrue(store.layer(layer).isEmpty());
    assertTrue(store.fsck(false).clean());
  }

  private static void change(Path path, String how) throws IOException {
    FileTime time = Files.exists(path) ? Files.getLastModifiedTime(path) : FileTime.fromMillis(0);
    switch (how) {
      case "content" -> Files.writeString(path, "Hello");
      case "shorter" -> Files.writeString(path, "h");
      case "longer" -> Files.writeString(path, "hello!");
      case "delete" -> Files.delete(path);
      case "mode" -> Files.setAttribute(path, "unix:mode", 04755);
      case "time" -> time = FileTime.from(java.time.Instant.ofEpochSecond(7));
      case "link" -> {
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("../../../shadow"));
        return;
      }
      case "unlink" -> {
        Files.delete(path);
        Files.copy(
            path.resolveSibling("etc/motd"),
            path,
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
      default -> {
        Files.deleteIfExists(path);
        Files.writeString(path, "");
      }
    }
    if (Files.exists(path)) {
      Files.setLastModifiedTime(path, time);
    }
  }

  private DiffId put(byte[] tar) throws ImageException, InterruptedIOException {
    DiffId layer;
    try (Hasher hasher = new JcaHashing().open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(tar));
      layer = new DiffId(hasher.digest());
    }
    try (LayerLease lease = store.lease(layer, () -> {});
        TreeSink sink = new PlainSnapshotter().sink(lease.tree())) {
      Deque<ByteBuffer> pieces = new ArrayDeque<>(List.of(ByteBuffer.wrap(tar)));
      TreeSummary summary =
          new Unpacker(UnpackLimits.DEFAULT).unpack(pieces::poll, sink, lease.split());
      lease.commit(summary, tar.length, null);
    }
    return layer;
  }
}
