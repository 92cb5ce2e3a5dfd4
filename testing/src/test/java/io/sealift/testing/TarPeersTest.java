package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.snapshot.FileStat;
import io.sealift.testing.TarMember.Sparse;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// GNU tar and this reader understand each other's archives in the same way.
@Tag("peers")
class TarPeersTest {

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({
    "v7, 0, 60",
    "oldgnu, 0, 250",
    "gnu, 0, 250",
    "ustar, 0, 120",
    "posix, 0.0, 250",
    "posix, 0.1, 250",
    "posix, 1.0, 250"
  })
  void readsWhatGnuTarWrites(String format, String sparse, int nameLength) throws Exception {
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    write(tree, nameLength);
    Path archive = scratch.resolve("archive.tar");
    List<String> command = new ArrayList<>(List.of("tar", "--format=" + format, "--sort=name"));
    if (!format.equals("v7") && !format.equals("ustar")) {
      command.add("--sparse");
      command.add("--sparse-version=" + (sparse.equals("0") ? "1.0" : sparse));
    }
    command.addAll(List.of("-cf", archive.toString(), "-C", tree.toString(), "."));
    run(command);
    compare(tree, unpack(Files.readAllBytes(archive)), format.equals("posix"));
  }

  private static void write(Path tree, int nameLength) throws Exception {
    Files.createDirectory(tree.resolve("d"));
    Files.writeString(tree.resolve("d/f"), "content");
    Files.writeString(tree.resolve("d/" + "n".repeat(nameLength / 3)), "long");
    Path deep = tree.resolve("e".repeat(nameLength / 3) + "/" + "g".repeat(nameLength / 3));
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("file"), "deep");
    Files.createSymbolicLink(tree.resolve("l"), Path.of("d/f"));
    Files.createLink(tree.resolve("z"), tree.resolve("d/f"));
    try (RandomAccessFile holes = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      holes.setLength(2_000_000);
      for (int i = 0; i < 30; i++) {
        holes.seek(65_536L * i);
        holes.writeBytes("region " + i);
      }
    }
    Files.setLastModifiedTime(
        tree.resolve("d/f"), FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789)));
  }

  private static void compare(Path tree, SortedMap<LayerPath, TreeEntry> unpacked, boolean nanos)
      throws Exception {
    List<Path> files;
    try (var walk = Files.walk(tree)) {
      files = walk.sorted().toList();
    }
    assertEquals(files.size(), unpacked.size());
    for (Path file : files) {
      TreeEntry entry = entry(unpacked, tree.relativize(file).toString());
      assertEquals(attribute(file, "unix:mode", Integer.class) & 07777, entry.stat().permissions());
      assertEquals((long) attribute(file, "unix:uid", Integer.class), entry.stat().uid());
      Instant time = attribute(file, "lastModifiedTime", FileTime.class).toInstant();
      assertEquals(time.getEpochSecond(), entry.stat().mtime().seconds());
      assertEquals(nanos ? time.getNano() : 0, entry.stat().mtime().nanos());
      if (Files.isSymbolicLink(file)) {
        assertEquals(
            Files.readSymbolicLink(file).toString(),
            new String(entry.data(), StandardCharsets.UTF_8));
      } else if (Files.isRegularFile(file)) {
        assertArrayEquals(Files.readAllBytes(file), entry.data(), file.toString());
      }
    }
    assertEquals(entry(unpacked, "d/f").stat().inode(), entry(unpacked, "z").stat().inode());
  }

  private static <T> T attribute(Path file, String name, Class<T> type) throws Exception {
    return type.cast(
        Objects.requireNonNull(Files.getAttribute(file, name, LinkOption.NOFOLLOW_LINKS)));
  }

  private static TreeEntry entry(SortedMap<LayerPath, TreeEntry> tree, String path)
      throws Exception {
    return Objects.requireNonNull(tree.get(SinkScript.path(path)), path);
  }

  /// Regions are whole blocks here, and an empty one ends the file: GNU tar knows no others.
  @ParameterizedTest
  @EnumSource(Sparse.class)
  void writesWhatGnuTarReads(Sparse style) throws Exception {
    TreeMap<Long, byte[]> regions = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      regions.put(10_240L * i, SampleArchives.noise(512 * (1 + i % 3)));
    }
    regions.put(500_000L, new byte[0]);
    byte[] tar =
        new TarBuilder(style == Sparse.OLD_GNU ? TarMember.Dialect.GNU : TarMember.Dialect.PAX)
            .add(TarMember.file("holes", "").sparse(style, 500_000, regions))
            .file("n/".repeat(150) + "file", "long")
            .add(TarMember.file("old", "x").mtime(-5, 0))
            .build();
    Path archive = Files.write(scratch.resolve("archive.tar"), tar);
    Path tree = Files.createDirectory(scratch.resolve("tree"));
    run(List.of("tar", "-xf", archive.toString(), "-C", tree.toString()));
    for (Map.Entry<LayerPath, TreeEntry> entry : unpack(tar).entrySet()) {
      if (entry.getValue().stat().type() == FileStat.Type.REGULAR) {
        Path file = tree.resolve(entry.getKey().toString());
        assertArrayEquals(Files.readAllBytes(file), entry.getValue().data(), file.toString());
        assertEquals(
            Files.getLastModifiedTime(file).toInstant().getEpochSecond(),
            entry.getValue().stat().mtime().seconds());
      }
    }
  }

  private static SortedMap<LayerPath, TreeEntry> unpack(byte[] tar) throws Exception {
    try (MemorySink sink = new MemorySink()) {
      new Unpacker(UnpackLimits.DEFAULT)
          .unpack(Archives.input(tar, 4096, true), sink, OutputStream.nullOutputStream());
      return sink.tree();
    }
  }

  private static void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
