package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.TarLimits;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// PAX headers, GNU long names, sparse maps: what headers do not hold themselves.
class TarExtensionTest {

  private static final String FILE = "FILE f 644 0:0 @1000000000";

  private static String refusal(TarBuilder tar) {
    return refusal(tar, Archives.LIMITS);
  }

  private static String refusal(TarBuilder tar, TarLimits limits) {
    byte[] bytes = tar.build();
    return Objects.requireNonNull(
            assertThrows(
                    UnsafeContentException.class, () -> Archives.read(bytes, limits, bytes.length))
                .getMessage())
        .replaceFirst("read test as tar: member at byte [0-9]+: ", "");
  }

  private static TarBuilder records(String records) {
    return new TarBuilder()
        .add(
            TarMember.of('x', "x")
                .content(latin(records.replace("\\n", "\n").replace("\\0", "\0"))))
        .file("f", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "path=long/name         | FILE long/name 644 0:0 @1000000000 0",
        "path=                  | FILE f 644 0:0 @1000000000 0",
        "uid=4294967294         | FILE f 644 4294967294:0 @1000000000 0",
        "gid=9223372036854775807 | FILE f 644 0:9223372036854775807 @1000000000 0",
        "mtime=1.5              | FILE f 644 0:0 @1.500000000 0",
        "mtime=1.               | FILE f 644 0:0 @1 0",
        "mtime=-1.5             | FILE f 644 0:0 @-2.500000000 0",
        "mtime=-0.000000001     | FILE f 644 0:0 @-1.999999999 0",
        "mtime=1.1234567899999  | FILE f 644 0:0 @1.123456789 0",
        "mtime=9223372036854775807 | FILE f 644 0:0 @9223372036854775807 0",
        "size=0                 | FILE f 644 0:0 @1000000000 0",
        "atime=nonsense         | FILE f 644 0:0 @1000000000 0",
        "SCHILY.fflags=nodump   | FILE f 644 0:0 @1000000000 0",
        "SCHILY.xattr.user.a=b  | FILE f 644 0:0 @1000000000 [user.a=b] 0",
        "LIBARCHIVE.xattr.user.%61%3D=YmM | FILE f 644 0:0 @1000000000 [user.a\\==bc] 0",
        "LIBARCHIVE.xattr.user.a=YmM= | FILE f 644 0:0 @1000000000 [user.a=bc] 0",
      })
  void appliesPaxRecords(String record, String member) throws Exception {
    int equals = record.indexOf('=');
    TarBuilder tar =
        new TarBuilder()
            .add(
                TarMember.file("f", "")
                    .pax(record.substring(0, equals), record.substring(equals + 1)));
    assertEquals(List.of(member.replace("\\=", "=")), Archives.read(tar.build()));
  }

  @Test
  void valuesOfAttributesAreBytes() throws Exception {
    byte[] value = latin("\0\n=\u00ff 7 path=x\n");
    TarBuilder tar =
        new TarBuilder().add(TarMember.file("f", "").xattr("user.a", value).pax("uid", "3"));
    assertEquals(
        List.of("FILE f 644 3:0 @1000000000 [user.a=\\x00\\x0a=\\xff 7 path=x\\x0a] 0"),
        Archives.read(tar.build()));
  }

  @Test
  void aPaxSizeIsTheSizeAlsoOfWhatIsPassedOver() throws Exception {
    byte[] inner = new TarBuilder().file("smuggled", "").withoutTrailer();
    TarBuilder tar =
        new TarBuilder()
            .add(
                TarMember.file("f", inner).pax("size", Integer.toString(inner.length)).claimSize(0))
            .file("g", "");
    List<String> members = Archives.read(tar.build());
    assertEquals(2, members.size());
    assertEquals("FILE g 644 0:0 @1000000000 0", members.get(1));
  }

  @Test
  void bothFormsOfAnAttributeAreOneWhenTheySayTheSame() throws Exception {
    TarMember member =
        TarMember.file("f", "").xattr("user.a", "bc").pax("LIBARCHIVE.xattr.user.a", "YmM");
    assertEquals(
        List.of(FILE + " [user.a=bc] 0"), Archives.read(new TarBuilder().add(member).build()));
    member.pax("LIBARCHIVE.xattr.user.%61", "YmQ");
    assertEquals(
        "expected one value of the attribute user.a, found two",
        refusal(new TarBuilder().add(member)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "11 path=x\\n   | expected a PAX record within the 10 bytes left, found one of 11",
        "8 path=x\\n    | expected a PAX record of key, value and line feed",
        "9 path=xx      | expected a PAX record of key, value and line feed",
        "9 pathxx\\n    | expected a PAX record of key, value and line feed",
        "5 =a\\n        | expected a PAX record of key, value and line feed",
        "4 a\\n         | expected a PAX record within the 4 bytes left, found one of 4",
        "-9 path=x\\n   | expected a decimal number as length of a PAX record, found the byte 0x2d",
        "9path=x\\n     | expected a decimal number as length of a PAX record, found the byte 0x70",
        "99999999999999999999 path=x\\n | expected 64 bits as length of a PAX record, found a larger number",
        "\\0\\0\\0      | expected a decimal number as length of a PAX record, found the byte 0x00",
        "12 path=a\\0b\\n | expected no NUL in the path, found one",
        "15 linkpath=\\0a\\n | expected no NUL in the linkpath, found one",
        "9 path=x\\n9 path=x\\n | expected each PAX key once, found another path",
        "9 uid=-1\\n    | expected a decimal number as PAX uid, found the byte 0x2d",
        "11 size=-1\\n  | expected a decimal number as PAX size, found the byte 0x2d",
        "28 size=9223372036854775808\\n | expected 64 bits as PAX size, found a larger number",
        "19 mtime=9e9999999\\n | expected a decimal number as PAX mtime, found the byte 0x65",
        "11 mtime=-\\n  | expected a number as PAX mtime, found nothing",
        "13 mtime=1.x\\n | expected a decimal number as PAX mtime, found the byte 0x78",
        "26 mtime=1.1234567891234x\\n | expected a decimal number as PAX mtime, found the byte 0x78",
        "28 LIBARCHIVE.xattr.a%4=YmM\\n | expected two hexadecimal digits after each percent sign of a LIBARCHIVE.xattr name",
        "24 LIBARCHIVE.xattr.a=!\\n | expected base64 as LIBARCHIVE.xattr, found something else",
      })
  void refusesMalformedPaxRecords(String records, String message) {
    assertEquals(message, refusal(records(records)));
  }

  @Test
  void readsTimesOfAnyLengthInLinearTime() {
    assertEquals(
        "expected 64 bits as PAX mtime, found a larger number",
        refusal(new TarBuilder().add(TarMember.file("f", "").pax("mtime", "9".repeat(300_000)))));
  }

  @Test
  void manyAttributesOfOneMemberAreRefused() {
    TarMember member = TarMember.file("f", "");
    for (int i = 0; i < 1025; i++) {
      member.xattr("user." + i, "");
      member.pax("LIBARCHIVE.xattr.user." + i, "YQ");
    }
    assertEquals(
        "expected at most 1024 extended attributes, found more",
        refusal(new TarBuilder().add(member)));
  }

  @Test
  void globalHeadersArePassedOver() throws Exception {
    byte[] tar =
        new TarBuilder()
            .globalPax("comment", "0123abcd")
            .globalPax("mtime", "5")
            .globalPax("uid", "5")
            .file("f", "")
            .build();
    assertEquals(List.of(FILE + " 0"), Archives.read(tar));
  }

  @ParameterizedTest
  @CsvSource({"path,x", "linkpath,x", "size,1", "GNU.sparse.size,1"})
  void globalHeadersMustNotMoveMembers(String key, String value) {
    assertEquals(
        "expected no names or sizes in a global PAX header, found " + key,
        refusal(new TarBuilder().globalPax(key, value).file("f", "")));
  }

  @Test
  void aMemberHasOneNameAndOneHeader() {
    String name = "n".repeat(200);
    TarMember gnu = TarMember.file(name, "").dialect(Dialect.GNU).pax("path", "other");
    assertEquals(
        "expected one long name, found a PAX path and a GNU name",
        refusal(new TarBuilder().add(gnu)));
    TarMember link = TarMember.symlink("l", name).dialect(Dialect.GNU).pax("linkpath", "other");
    assertEquals(
        "expected one long link, found a PAX linkpath and a GNU link",
        refusal(new TarBuilder().add(link)));
    TarMember one = TarMember.of('L', "x").content(latin("a\0"));
    assertEquals(
        "expected one GNU long name, found two",
        refusal(new TarBuilder().add(one).add(one).file("f", "")));
    TarMember pax = TarMember.of('x', "x").content(latin("9 path=x\n"));
    assertEquals(
        "expected one PAX header for a member, found two",
        refusal(new TarBuilder().add(pax).add(pax).file("f", "")));
  }

  @Test
  void extensionsBelongToAMember() {
    TarMember pax = TarMember.of('x', "x").content(latin("9 path=x\n"));
    TarMember name = TarMember.of('L', "x").content(latin("a\0"));
    String end = "expected a member after its extension, found the end";
    assertEquals(end, refusal(new TarBuilder().add(pax)));
    assertEquals(end, refusal(new TarBuilder().add(name)));
    assertEquals(
        "expected a member after its extension, found a label or an ACL",
        refusal(new TarBuilder().add(name).add(TarMember.of('V', "label"))));
  }

  @Test
  void gnuNamesEndWithNulsOnly() {
    TarMember name = TarMember.of('L', "x").content(latin("a\0b"));
    assertEquals(
        "expected nothing after the NUL of a GNU long name, found more",
        refusal(new TarBuilder().add(name).file("f", "")));
  }

  @Test
  void namesAreNotEmpty() {
    assertEquals("expected a name, found an empty one", refusal(new TarBuilder().file("", "")));
    assertEquals(
        "expected a link name, found an empty one", refusal(new TarBuilder().symlink("l", "")));
  }

  private static SortedMap<Long, byte[]> regions(int count) {
    SortedMap<Long, byte[]> regions = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      regions.put(1000L * i + 512, latin("r" + i));
    }
    return regions;
  }

  @ParameterizedTest
  @EnumSource(Sparse.class)
  void readsSparseFilesOfEveryFormat(Sparse style) throws Exception {
    for (int count : new int[] {0, 1, 4, 5, 25, 26, 47, 100}) {
      SortedMap<Long, byte[]> regions = regions(count);
      StringBuilder expected = new StringBuilder("FILE sparse 644 0:0 @1000000000 200000");
      StringBuilder content = new StringBuilder();
      regions.forEach((offset, bytes) -> {
        expected.append(" %d+%d".formatted(offset, bytes.length));
        content.append(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
      });
      byte[] tar = sparse(style, 200_000, regions).file("f", "").build();
      String file = content.isEmpty() ? expected.toString() : expected + " " + content;
      assertEquals(List.of(file, FILE + " 0"), Archives.read(tar), style + " " + count);
    }
  }

  private static TarBuilder sparse(Sparse style, long size, SortedMap<Long, byte[]> regions) {
    Dialect dialect = style == Sparse.OLD_GNU ? Dialect.GNU : Dialect.PAX;
    return new TarBuilder(dialect).add(TarMember.file("sparse", "").sparse(style, size, regions));
  }

  @ParameterizedTest
  @EnumSource(Sparse.class)
  void refusesRegionsThatOverlapOrGoBeyondTheEnd(Sparse style) {
    SortedMap<Long, byte[]> overlapping = new TreeMap<>();
    overlapping.put(0L, new byte[10]);
    overlapping.put(9L, new byte[10]);
    assertEquals(
        "expected sparse regions in ascending order, found 10 bytes at 9 after the end 10 of the"
            + " one before",
        refusal(sparse(style, 100, overlapping)));
    SortedMap<Long, byte[]> beyond = new TreeMap<>();
    beyond.put(95L, new byte[10]);
    assertEquals(
        "expected sparse regions within the 100 bytes of the file, found one that ends at 105",
        refusal(sparse(style, 100, beyond)));
  }

  @ParameterizedTest
  @EnumSource(Sparse.class)
  void refusesMoreRegionsThanTheBound(Sparse style) {
    TarLimits limits = new TarLimits(10, 1 << 20, 50);
    String message = refusal(sparse(style, 1_000_000, regions(51)), limits);
    assertEquals(
        "expected at most 50 regions in a sparse file, found ",
        message.replaceFirst("(more|51)$", ""));
  }

  @Test
  void refusesMapsThatSayLessOrMoreThanTheContent() {
    TarMember less = TarMember.file("s", "").sparse(Sparse.OLD_GNU, 9000, regions(3)).claimSize(9);
    assertEquals(
        "expected the 6 bytes of the sparse regions, found 9",
        refusal(new TarBuilder(Dialect.GNU).add(less)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GNU.sparse.size=9 GNU.sparse.map=0,1,2  | expected pairs of numbers as GNU.sparse.map",
        "GNU.sparse.size=9 GNU.sparse.map=0,-1   | expected a decimal number as GNU.sparse.map, found the byte 0x2d",
        "GNU.sparse.size=9                       | expected size and map of a sparse file, found a part of them",
        "GNU.sparse.map=0,0                      | expected size and map of a sparse file, found a part of them",
        "GNU.sparse.size=9 GNU.sparse.numbytes=1 | expected GNU.sparse.offset before GNU.sparse.numbytes",
        "GNU.sparse.offset=1 GNU.sparse.offset=2 | expected GNU.sparse.numbytes after GNU.sparse.offset",
        "GNU.sparse.offset=0 GNU.sparse.numbytes=0 GNU.sparse.map=0,0 | expected one sparse map, found two",
        "GNU.sparse.size=9 GNU.sparse.realsize=8 | expected one size of a sparse file, found two",
        "GNU.sparse.size=9 GNU.sparse.numblocks=2 GNU.sparse.map=0,0 | expected 2 sparse regions, found 1",
        "GNU.sparse.major=2 GNU.sparse.size=9    | expected a sparse file of format 0.0, 0.1 or 1.0, found 2.0",
        "GNU.sparse.major=1 GNU.sparse.minor=1 GNU.sparse.realsize=9 | expected a sparse file of format 0.0, 0.1 or 1.0, found 1.1",
        "GNU.sparse.future=1                     | expected a known key GNU.sparse, found GNU.sparse.future",
        "GNU.sparse.major=1 GNU.sparse.realsize=9 | expected the sparse map within 0 bytes, found more",
      })
  void refusesIncompleteOrDoubleMaps(String records, String message) {
    TarMember member = TarMember.file("f", "");
    for (String record : records.split(" ", -1)) {
      member.pax(record.split("=", 2)[0], record.split("=", 2)[1]);
    }
    assertEquals(message, refusal(new TarBuilder().add(member)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "70000\\n                | expected at most 65536 regions in a sparse file, found 70000",
        "-1\\n                   | expected a decimal number as sparse map, found the byte 0x2d",
        "00000000000000000001\\n | expected at most 19 digits in a sparse map, found more",
        "\\n                     | expected a number as sparse map, found nothing",
        "1\\n0\\n                | expected at most 19 digits in a sparse map, found more",
      })
  void refusesMalformedMapsBeforeTheContent(String map, String message) {
    byte[] block = java.util.Arrays.copyOf(latin(map.replace("\\n", "\n")), 512);
    TarMember member =
        TarMember.file("f", block)
            .pax("GNU.sparse.major", "1")
            .pax("GNU.sparse.minor", "0")
            .pax("GNU.sparse.realsize", "9");
    assertEquals(message, refusal(new TarBuilder().add(member)));
  }

  @Test
  void endlessGnuMapsAreBounded() {
    byte[] more = new byte[512];
    more[504] = 1;
    TarBuilder tar =
        new TarBuilder(Dialect.GNU).add(TarMember.of('S', "s").patch(482, (byte) 1).claimSize(0));
    for (int i = 0; i < 2100; i++) {
      tar.raw(more);
    }
    assertEquals("expected at most 1048576 bytes in an extension, found more", refusal(tar));
  }

  @Test
  void onlyFilesAreSparse() {
    TarMember directory = TarMember.directory("d").pax("GNU.sparse.size", "9");
    assertEquals(
        "expected one sparse map, for a regular file", refusal(new TarBuilder().add(directory)));
  }
}
