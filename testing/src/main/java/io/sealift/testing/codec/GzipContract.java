package io.sealift.testing.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every decompressor of gzip does (RFC 1952).
public abstract class GzipContract extends DecompressorContract {

  private static final byte[] PLAIN = Samples.mixed(100_000);
  private static final GzipMember MEMBER = GzipMember.of(PLAIN);

  @Override
  protected byte[] compress(byte[] plain) {
    return GzipMember.of(plain).bytes();
  }

  @Override
  protected byte[] bomb(long plainLength) {
    int members = 3;
    byte[] member = GzipMember.of(new byte[Math.toIntExact(plainLength / members)]).bytes();
    return join(member, member, member);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "6, 0",
    "9, 0",
    "9, " + Deflater.FILTERED,
    "9, " + Deflater.HUFFMAN_ONLY,
  })
  public void readsEveryKindOfBlock(int level, int strategy) throws Exception {
    byte[] compressed = GzipMember.of(PLAIN, level, strategy).bytes();
    assertArrayEquals(PLAIN, inflation().inflate(compressed));
    assertArrayEquals(PLAIN, inflation().inPieces(1, 333).inflate(compressed));
  }

  /// Fields are written as text: `E3abc` is an extra field, `Nname` a name, `Cremark` a comment,
  /// `H` the checksum of the header.
  @ParameterizedTest
  @CsvSource({
    "0x01, ''",
    "0x04, E0",
    "0x04, E3abc",
    "0x08, Nlayer.tar",
    "0x08, N",
    "0x10, Cremark",
    "0x02, H",
    "0x1f, E3abc Nlayer.tar Cremark H",
    "0x1e, E0 N C H",
    "0x0a, Nlayer.tar H",
  })
  public void readsHeaders(String flags, String fields) throws Exception {
    byte[] compressed = withFields(Integer.decode(flags), fields, 0).bytes();
    assertArrayEquals(PLAIN, inflation().inflate(compressed));
    assertArrayEquals(PLAIN, inflation().inPieces(1, 100_000).inflate(compressed));
    assertArrayEquals(join(PLAIN, PLAIN), inflation().inflate(join(compressed, compressed)));
  }

  @ParameterizedTest
  @CsvSource({"0x02, H", "0x1f, E3abc Nlayer.tar Cremark H"})
  public void refusesAWrongHeaderChecksum(String flags, String fields) {
    byte[] compressed = withFields(Integer.decode(flags), fields, 1).bytes();
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
  }

  private static GzipMember withFields(int flags, String fields, int wrong) {
    byte[] before = Arrays.copyOf(MEMBER.withHeader(flags, new byte[0]).bytes(), 10);
    byte[] bytes = new byte[0];
    for (String field : fields.split(" ", -1)) {
      bytes = join(bytes, field(field, join(before, bytes), wrong));
    }
    return MEMBER.withHeader(flags, bytes);
  }

  private static byte[] field(String field, byte[] before, int wrong) {
    if (field.isEmpty()) {
      return new byte[0];
    }
    return switch (field.charAt(0)) {
      case 'E' ->
          join(
              new byte[] {(byte) (field.charAt(1) - '0'), 0},
              field.substring(2).getBytes(ISO_8859_1));
      case 'N', 'C' -> (field.substring(1) + '\0').getBytes(ISO_8859_1);
      default -> {
        CRC32 checksum = new CRC32();
        checksum.update(before);
        int value = (int) checksum.getValue() + wrong;
        yield new byte[] {(byte) value, (byte) (value >> 8)};
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000",
    "1f8c0800000000000003",
    "1f8b0700000000000003",
    "1f8b0820000000000003",
    "1f8b0840000000000003",
    "1f8b0880000000000003",
    "504b0304000000000000",
  })
  public void refusesOtherHeaders(String hex) {
    byte[] compressed = MEMBER.bytes();
    System.arraycopy(HexFormat.of().parseHex(hex), 0, compressed, 0, 10);
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
  }

  @Test
  public void boundsNames() throws Exception {
    byte[] longest = new byte[64 * 1024 + 1];
    Arrays.fill(longest, 0, longest.length - 1, (byte) 'n');
    assertArrayEquals(PLAIN, inflation().inflate(MEMBER.withHeader(0x08, longest).bytes()));
    byte[] tooLong = join(new byte[] {'n'}, longest);
    UnsafeContentException refusal =
        assertThrows(
            UnsafeContentException.class,
            () -> inflation().inflate(MEMBER.withHeader(0x08, tooLong).bytes()));
    assertEquals(
        "inflate gzip: name or comment in a header is longer than 65536 bytes",
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "-1, 0", "0, 1", "0, -1", "0, 65536"})
  public void refusesAWrongTrailer(int checksumOff, int lengthOff) {
    byte[] compressed =
        MEMBER.withTrailer(MEMBER.checksum() + checksumOff, MEMBER.length() + lengthOff).bytes();
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
    assertThrows(IntegrityException.class, () -> inflation().inPieces(1, 7).inflate(compressed));
    assertThrows(
        IntegrityException.class, () -> inflation().inflate(join(compressed, MEMBER.bytes())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 511, 10_240, 600_000})
  public void takesZeroBytesAfterTheEndForPadding(int length) throws Exception {
    byte[] padded = join(MEMBER.bytes(), new byte[length]);
    assertArrayEquals(PLAIN, inflation().inflate(padded));
    assertArrayEquals(PLAIN, inflation().inPieces(1000, 1).inflate(padded));
  }

  @Test
  public void refusesAMemberAfterPadding() {
    byte[] padded = join(MEMBER.bytes(), new byte[512], MEMBER.bytes());
    assertThrows(IntegrityException.class, () -> inflation().inflate(padded));
  }

  @Test
  public void refusesPaddingAlone() {
    assertThrows(IntegrityException.class, () -> inflation().inflate(new byte[512]));
  }

  @Test
  public void readsAMemberForEachFile() throws Exception {
    byte[] member = compress(Samples.mixed(9));
    byte[] compressed = new byte[3000 * member.length];
    for (int i = 0; i < 3000; i++) {
      System.arraycopy(member, 0, compressed, i * member.length, member.length);
    }
    assertEquals(27_000, inflation().count(compressed));
    assertEquals(27_000, inflation().inPieces(5, 4).count(compressed));
  }

  @ParameterizedTest
  @CsvSource({"1024, true", "1025, false", "1000000, false"})
  public void boundsEmptyMembers(int count, boolean accepted) throws Exception {
    byte[] empty = compress(new byte[0]);
    byte[] compressed = new byte[count * empty.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(empty, 0, compressed, i * empty.length, empty.length);
    }
    if (accepted) {
      assertEquals(0, inflation().count(compressed));
    } else {
      UnsafeContentException refusal =
          assertThrows(UnsafeContentException.class, () -> inflation().count(compressed));
      assertEquals("inflate gzip: more than 1024 empty members", refusal.getMessage());
    }
  }
}
