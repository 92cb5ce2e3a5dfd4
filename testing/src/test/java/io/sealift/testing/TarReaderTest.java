package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.TarEntry;
import io.sealift.tar.TarLimits;
import io.sealift.tar.TarReader;
import io.sealift.testing.TarMember.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

  private static final String TIME = "1000000000";

  private static String only(TarMember member) throws Exception {
    List<String> members = Archives.read(new TarBuilder(Dialect.USTAR).add(member).build());
    assertEquals(1, members.size(), members.toString());
    return members.getFirst();
  }

  private static String refusal(byte[] tar) {
    return Objects.requireNonNull(
        assertThrows(UnsafeContentException.class, () -> Archives.read(tar)).getMessage());
  }

  private static String refusal(TarMember member) {
    return refusal(new TarBuilder(Dialect.USTAR).add(member).build())
        .replace("read test as tar: member at byte ", "");
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void readsPlainHeadersOfEveryDialect(Dialect dialect) throws Exception {
    byte[] tar =
        new TarBuilder(dialect)
            .directory("d")
            .add(TarMember.file("d/f", "hello").mode(04755).owner(1000, 2_097_151))
            .symlink("l", "d/f")
            .hardLink("h", "d/f")
            .fifo("p")
            .build();
    assertEquals(
        List.of(
            "DIRECTORY d/ 755 0:0 @" + TIME,
            "FILE d/f 4755 1000:2097151 @" + TIME + " 5 hello",
            "SYMLINK l -> d/f 777 0:0 @" + TIME,
            "HARD_LINK h -> d/f 644 0:0 @" + TIME,
            "FIFO p 644 0:0 @" + TIME),
        Archives.read(tar));
  }

  @ParameterizedTest
  @CsvSource({
    "V7, 1", "V7, 100", "USTAR, 100", "USTAR, 101", "USTAR, 255", "STAR, 231", "GNU, 100",
    "GNU, 101", "GNU, 511", "GNU, 512", "GNU, 5000", "PAX, 100", "PAX, 255", "PAX, 300",
    "PAX, 5000"
  })
  void readsNamesAsLongAsTheDialectHasThem(Dialect dialect, int length) throws Exception {
    StringBuilder name = new StringBuilder("x".repeat(length));
    for (int at : new int[] {50, 130, 155}) {
      if (at < length - 1) {
        name.setCharAt(at, '/');
      }
    }
    boolean longLink = dialect == Dialect.GNU || dialect == Dialect.PAX;
    String link = longLink ? "t" + name : "t";
    byte[] tar = new TarBuilder(dialect).symlink(name.toString(), link).file("next", "").build();
    assertEquals(
        List.of(
            "SYMLINK %s -> %s 777 0:0 @%s".formatted(name, link, TIME),
            "FILE next 644 0:0 @" + TIME + " 0"),
        Archives.read(tar));
  }

  @Test
  void namesAreBytes() throws Exception {
    byte[] name = latin("\u00ff\u0080\\ \u0001\n");
    TarMember member = TarMember.symlink("x", "y").name(name).link(name);
    String shown = "\\xff\\x80\\\\ \\x01\\x0a";
    assertEquals("SYMLINK %s -> %s 777 0:0 @%s".formatted(shown, shown, TIME), only(member));
  }

  @Test
  void aSeventhEditionNameThatEndsInASlashIsADirectory() throws Exception {
    TarMember member = TarMember.of('\0', "old/").claimSize(512).dialect(Dialect.V7);
    assertEquals("DIRECTORY old/ 644 0:0 @" + TIME, only(member));
  }

  @Test
  void aPrefixIsOneOnlyInPosixHeaders() throws Exception {
    TarMember member = TarMember.file("n", "").dialect(Dialect.GNU).patch(345, "1234567");
    assertEquals("FILE n 644 0:0 @" + TIME + " 0", only(member));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0000017_ | 15",
        "     17_ | 15",
        "17______ | 15",
        "17 99999 | 15",
        "00000017 | 15",
        "________ | 0",
        "'        ' | 0",
        "7777777_ | 2097151",
      })
  void readsOctalNumbers(String field, long uid) throws Exception {
    TarMember member = TarMember.file("f", "").patch(108, field.replace('_', '\0'));
    assertEquals("FILE f 644 " + uid + ":0 @" + TIME + " 0", only(member));
  }

  @ParameterizedTest
  @CsvSource({
    "0",
    "1",
    "-1",
    "255",
    "256",
    "-256",
    "-62135596800",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808"
  })
  void readsBase256Numbers(long mtime) throws Exception {
    TarMember member = TarMember.file("f", "").base256().mtime(mtime, 0).owner(5_000_000_000L, 7);
    assertEquals("FILE f 644 5000000000:7 @" + mtime + " 0", only(member));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "108 | 0000019 | expected an octal number as uid, found the byte 0x39",
        "116 | -000001 | expected an octal number as gid, found the byte 0x2d",
        "124 | 0x10 | expected an octal number as size, found the byte 0x78",
        "136 | 1e9 | expected an octal number as mtime, found the byte 0x65",
        "100 | 0o644 | expected an octal number as mode, found the byte 0x6f",
      })
  void refusesFieldsThatAreNoNumbers(int offset, String field, String message) {
    assertEquals("0: " + message, refusal(TarMember.file("f", "").patch(offset, field + "\0")));
  }

  @Test
  void refusesNumbersThatDoNotFit() {
    byte[] huge = latin("\u0080\0\0\u0080\0\0\0\0\0\0\0\0");
    byte[] minus = latin("\u00ff".repeat(12));
    assertEquals(
        "0: expected 64 bits as mtime, found a larger number",
        refusal(TarMember.file("f", "").patch(136, huge)));
    assertEquals(
        "0: expected 64 bits as size, found a larger number",
        refusal(TarMember.file("f", "").patch(124, huge)));
    assertEquals(
        "0: expected no negative number as size, found -1",
        refusal(TarMember.file("f", "").patch(124, minus)));
    assertEquals(
        "0: expected no negative number as uid, found -1",
        refusal(TarMember.file("f", "").patch(108, latin("\u00ff".repeat(8)))));
  }

  @ParameterizedTest
  @CsvSource({
    "0, FILE",
    "7, FILE",
    "1, HARD_LINK",
    "2, SYMLINK",
    "3, CHARACTER_DEVICE",
    "4, BLOCK_DEVICE",
    "5, DIRECTORY",
    "6, FIFO"
  })
  void knowsTypes(char type, TarEntry.Kind kind) throws Exception {
    assertEquals(kind.toString(), only(TarMember.of(type, "x").link(latin("y"))).split(" ", 2)[0]);
  }

  @ParameterizedTest
  @ValueSource(chars = {'D', 'M', 'N', 'X', 'Z', '8', '\u00e9'})
  void refusesOtherTypes(char type) {
    String shown = type < 0x80 ? Character.toString(type) : "\\xe9";
    assertEquals(
        "0: expected a file, directory, link, device or FIFO, found type " + shown,
        refusal(TarMember.of(type, "x")));
  }

  @ParameterizedTest
  @ValueSource(chars = {'A', 'V'})
  void passesOverLabelsAndAcls(char type) throws Exception {
    byte[] tar =
        new TarBuilder().add(TarMember.of(type, "x").content(new byte[700])).file("f", "1").build();
    assertEquals(List.of("FILE f 644 0:0 @" + TIME + " 1 1"), Archives.read(tar));
  }

  @Test
  void onlyFilesAndHardLinksHaveContent() throws Exception {
    List<String> members = new ArrayList<>();
    TarBuilder tar = new TarBuilder(Dialect.USTAR);
    for (char type : "23456".toCharArray()) {
      tar.add(TarMember.of(type, "x" + type).link(latin("y")).claimSize(1024));
    }
    tar.add(TarMember.hardLink("h", "y").content(latin("z")));
    for (String member : Archives.read(tar.build())) {
      members.add(member.replaceFirst(" .* @1000000000", ""));
    }
    assertEquals(
        List.of("SYMLINK", "CHARACTER_DEVICE", "BLOCK_DEVICE", "DIRECTORY", "FIFO", "HARD_LINK z"),
        members);
  }

  @Test
  void acceptsChecksumsOverSignedBytes() throws Exception {
    TarMember member = TarMember.of('0', "x").name(latin("\u00e9\u00e9")).signedChecksum();
    assertEquals("FILE \\xe9\\xe9 644 0:0 @" + TIME + " 0", only(member));
  }

  @Test
  void refusesWrongChecksums() {
    assertEquals(
        "0: expected the checksum 2518, found 3955",
        refusal(TarMember.file("f", "").dialect(Dialect.V7).claimChecksum(3955)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void acceptsAMissingTrailer(int zeroBlocks) throws Exception {
    byte[] tar = new TarBuilder().file("f", "1").zeroBlocks(zeroBlocks).withoutTrailer();
    assertEquals(List.of("FILE f 644 0:0 @" + TIME + " 1 1"), Archives.read(tar));
  }

  @Test
  void acceptsAnArchiveThatEndsWithContent() throws Exception {
    byte[] tar = new TarBuilder().add(TarMember.file("f", "1").unpadded()).withoutTrailer();
    assertEquals(List.of("FILE f 644 0:0 @" + TIME + " 1 1"), Archives.read(tar));
  }

  @Test
  void readsNothingOutOfNothing() throws Exception {
    assertEquals(List.of(), Archives.read(new byte[0]));
    assertEquals(List.of(), Archives.read(new TarBuilder().build()));
  }

  @Test
  void doesNotInterpretWhatFollowsTheEnd() throws Exception {
    byte[] tar =
        new TarBuilder().file("f", "1").zeroBlocks(2).file("hidden", "2").raw((byte) 3).build();
    assertEquals(List.of("FILE f 644 0:0 @" + TIME + " 1 1"), Archives.read(tar));
  }

  @Test
  void refusesALoneZeroBlock() {
    assertEquals(
        "read test as tar: member at byte 512: expected two zero blocks at the end, found one",
        refusal(new TarBuilder().file("f", "").zeroBlocks(1).file("g", "").build()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "511  | 0: expected a header of 512 bytes, found the end after 511",
        "512  | 0: expected 600 more bytes of content, found the end",
        "1111 | 0: expected 1 more bytes of content, found the end",
        "1537 | 1536: expected a header of 512 bytes, found the end after 1",
      })
  void refusesWhatIsCutOff(int length, String message) {
    byte[] tar = new TarBuilder().file("f", new byte[600]).file("g", "").withoutTrailer();
    assertEquals(
        "read test as tar: member at byte " + message,
        refusal(java.util.Arrays.copyOf(tar, length)));
  }

  @Test
  void passesOverContentThatNobodyAskedFor() throws Exception {
    byte[] tar =
        new TarBuilder().file("a", new byte[5000]).file("b", new byte[512]).file("c", "").build();
    TarReader reader = new TarReader(Archives.input(tar, 77, true)::next, "test", Archives.LIMITS);
    List<Long> positions = new ArrayList<>();
    while (reader.next() != null) {
      positions.add(reader.position());
    }
    assertEquals(List.of(512L, 512 + 5120 + 512L, 512 + 5120 + 512 + 512 + 512L), positions);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 511, 512, 513, 100_000})
  void readsTheSameWhateverThePieces(int piece) throws Exception {
    byte[] tar =
        new TarBuilder()
            .file("n/".repeat(200) + "f", "hello")
            .add(TarMember.file("x", "y".repeat(1500)).xattr("user.a", "b"))
            .build();
    assertEquals(Archives.read(tar), Archives.read(tar, Archives.LIMITS, piece));
  }

  @Test
  void refusesMoreHeadersThanTheBound() {
    byte[] tar = new TarBuilder().globalPax("comment", "x").file("f", "").file("g", "").build();
    TarLimits two = new TarLimits(2, 1024, 1);
    String message =
        assertThrows(UnsafeContentException.class, () -> Archives.read(tar, two, 512)).getMessage();
    assertEquals(
        "read test as tar: member at byte 1536: expected at most 2 headers, found more", message);
  }

  @Test
  void refusesLargerExtensionsThanTheBound() {
    for (char type : "xgLK".toCharArray()) {
      byte[] tar =
          new TarBuilder().add(TarMember.of(type, "x").claimSize(8_000_000_000L)).withoutTrailer();
      assertEquals(
          "read test as tar: member at byte 0: expected at most 1048576 bytes in an extension,"
              + " found 8000000000 bytes",
          refusal(tar));
    }
  }

  @Test
  void textsOfMessagesAreNames() {
    assertEquals(
        List.of("a", "\u00e9", "\\x1b[2J", "\\xe2\\x80\\xae", "\\xc3"),
        java.util.stream.Stream.of("a", "\u00e9", "\u001b[2J", "\u202e", "")
            .map(text -> text.isEmpty() ? latin("\u00c3") : text.getBytes(StandardCharsets.UTF_8))
            .map(io.sealift.tar.Printable::of)
            .toList());
  }
}
