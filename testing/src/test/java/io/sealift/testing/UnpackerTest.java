package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.TarInput;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {

  @Test
  void tellsTheSinkEveryKindOfEntry() throws Exception {
    byte[] tar =
        new TarBuilder()
            .directory("./")
            .directory("./d")
            .file("./d/f", "hello")
            .hardLink("h", "/d/f")
            .symlink("l", "/d/f")
            .fifo("p")
            .characterDevice("null", 1, 3)
            .blockDevice("sda", 8, 0)
            .build();
    assertEquals(
        "dir:d file:d/f=hello file:h=hello~d/f link:l->/d/f char:null=1:3 fifo:p block:sda=8:0",
        Archives.unpack(tar));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".wh.x                  | gone:x",
        "./.wh.x                | gone:x",
        "a/.wh.x                | implied:a gone:a/x",
        ".wh..x                 | gone:.x",
        ".wh....                | gone:...",
        ".wh.x.wh.y             | gone:x.wh.y",
        ".wh..wh                | gone:.wh",
        "a/.wh..wh..opq         | implied:a!",
        ".wh..wh..opq           | opaque:.",
        ".wh..wh.aufs           | ''",
        ".wh..wh.plnk/1.2       | ''",
        "a/.wh..wh.orph/b/c     | ''",
        ".wh..wh..opqx          | ''",
        ".wh                    | file:.wh=",
        ".WH.x                  | file:.WH.x=",
        "x.wh.y                 | file:x.wh.y=",
      })
  void knowsMarkersByTheirNames(String name, String tree) throws Exception {
    assertEquals(tree, Archives.unpack(new TarBuilder().file(name, "").build()));
  }

  @ParameterizedTest
  @ValueSource(chars = {'0', '1', '2', '3', '5', '6'})
  void theTypeOfAMarkerIsOfNoMatter(char type) throws Exception {
    byte[] tar =
        new TarBuilder()
            .add(TarMember.of(type, "a/.wh.x").link(latin("y")))
            .add(TarMember.of(type, "b/.wh..wh..opq").link(latin("y")))
            .build();
    assertEquals("implied:a gone:a/x implied:b!", Archives.unpack(tar));
  }

  @Test
  void contentOfMarkersIsPassedOver() throws Exception {
    byte[] tar = new TarBuilder().file(".wh.x", "y".repeat(3000)).file("f", "z").build();
    assertEquals("file:f=z gone:x", Archives.unpack(tar));
  }

  @Test
  void keepsModesOwnersAndTimes() throws Exception {
    byte[] tar =
        new TarBuilder()
            .add(
                TarMember.file("f", "")
                    .mode(0106755)
                    .owner(4_294_967_294L, 3_000_000)
                    .mtime(-2, 500_000_000))
            .build();
    TreeEntry entry = Archives.entry(tar, "f");
    assertEquals(06755, entry.stat().permissions());
    assertEquals(4_294_967_294L, entry.stat().uid());
    assertEquals(3_000_000, entry.stat().gid());
    assertEquals(new FileTime(-2, 500_000_000), entry.stat().mtime());
  }

  @ParameterizedTest
  @CsvSource({
    "-2147483648, -2147483648", "-2147483649, -2147483648", "-9223372036854775808, -2147483648",
    "15032385535, 15032385535", "15032385536, 15032385535", "9223372036854775807, 15032385535"
  })
  void movesTimesToWhatFileSystemsKeep(long written, long kept) throws Exception {
    byte[] tar = new TarBuilder().add(TarMember.file("f", "").base256().mtime(written, 0)).build();
    assertEquals(new FileTime(kept, 0), Archives.entry(tar, "f").stat().mtime());
  }

  @Test
  void keepsTheAttributesThatAnImageMayHave() throws Exception {
    TarMember member =
        TarMember.file("f", "")
            .xattr("user.a", "1")
            .xattr("security.capability", "2")
            .xattr("security.ima", "3")
            .xattr("system.posix_acl_access", "4")
            .xattr("security.selinux", "5")
            .xattr("trusted.md5sum", "6")
            .xattr("system.nfs4_acl", "7")
            .xattr("com.apple.quarantine", "8");
    assertEquals(
        Map.of(
            "user.a", "1",
            "security.capability", "2",
            "security.ima", "3",
            "system.posix_acl_access", "4"),
        Archives.entry(new TarBuilder().add(member).build(), "f").xattrs());
  }

  @Test
  void keepsNamesThatAreNotUtf8() throws Exception {
    byte[] tar =
        new TarBuilder().add(TarMember.file("x", "1").name(latin("\u00e9/\u00ff"))).build();
    assertEquals("implied:\\xe9 file:\\xe9/\\xff=1", Archives.unpack(tar));
  }

  @ParameterizedTest
  @CsvSource({"OLD_GNU, GNU", "PAX_0_0, PAX", "PAX_0_1, PAX", "PAX_1_0, PAX"})
  void fillsTheHolesOfSparseFiles(Sparse style, Dialect dialect) throws Exception {
    TreeMap<Long, byte[]> regions = new TreeMap<>();
    byte[] expected = new byte[300_000];
    for (int i = 0; i < 60; i++) {
      byte[] bytes =
          "region %d %s".formatted(i, "x".repeat(i * 7)).getBytes(StandardCharsets.UTF_8);
      regions.put(4096L * i + i, bytes);
      System.arraycopy(bytes, 0, expected, 4096 * i + i, bytes.length);
    }
    byte[] tar =
        new TarBuilder(dialect)
            .add(TarMember.file("s", "").sparse(style, 300_000, regions))
            .file("f", "z")
            .build();
    assertArrayEquals(expected, Archives.entry(tar, "s").data());
    assertEquals("z", new String(Archives.entry(tar, "f").data(), StandardCharsets.UTF_8));
  }

  @Test
  void contentComesWholeInPiecesOfAnySize() throws Exception {
    String content = "0123456789".repeat(500);
    byte[] tar = new TarBuilder().file("a", content).file("b", content).build();
    assertEquals("file:a=" + content + " file:b=" + content, Archives.unpack(tar));
  }

  @Test
  void twoArchivesInOneAreTheFirst() throws Exception {
    byte[] first = new TarBuilder().file("a", "1").build();
    byte[] second = new TarBuilder().file("b", "2").build();
    assertEquals("file:a=1", Archives.unpack(TarMember.concat(first, second)));
  }

  @Test
  void readsToTheEndWhateverFollows() throws Exception {
    byte[] tar = new TarBuilder().file("a", "1").zeroBlocks(30).raw(latin("trailing")).build();
    int[] seen = {0};
    TarInput input = Archives.input(tar, 600, false);
    try (MemorySink sink = new MemorySink()) {
      new Unpacker(UnpackLimits.DEFAULT)
          .unpack(
              () -> {
                ByteBuffer bytes = input.next();
                seen[0] += bytes == null ? 0 : bytes.remaining();
                return bytes;
              },
              sink,
              OutputStream.nullOutputStream());
    }
    assertEquals(tar.length, seen[0]);
  }
}
