package io.sealift.testing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.codec.Decompressor;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every decompressor of zstd does (RFC 8878).
public abstract class ZstdContract extends DecompressorContract {

  private static final byte[] PLAIN = Samples.mixed(300_000);
  private static final byte[] FEW = Samples.mixed(100);

  @Override
  protected byte[] compress(byte[] plain) {
    return ZstdFrames.frame(plain);
  }

  @Override
  protected byte[] bomb(long plainLength) {
    int frames = 3;
    byte[] frame = compress(new byte[Math.toIntExact(plainLength / frames)]);
    return join(frame, frame, frame);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, true, true",
    "1, true, false",
    "3, false, true",
    "3, false, false",
    "12, true, true",
    "19, true, false",
  })
  public void readsEveryKindOfFrame(int level, boolean checksum, boolean contentSize)
      throws Exception {
    byte[] compressed = ZstdFrames.frame(PLAIN, level, checksum, contentSize);
    assertArrayEquals(PLAIN, inflation().inflate(compressed));
    assertArrayEquals(PLAIN, inflation().inPieces(1, 333).inflate(compressed));
  }

  @ParameterizedTest
  @CsvSource({"10, 0, 1024", "21, 0, 2097152", "22, 4, 6291456", "23, 0, 8388608"})
  public void asksForTheWindowThatAFrameNeeds(int log, int eighths, long bytes) throws Exception {
    assertEquals(List.of(bytes), asked(ZstdFrames.ofWindow(log, eighths, FEW)));
  }

  @Test
  public void asksAgainOnlyForWhatIsLarger() throws Exception {
    assertEquals(
        List.of(1L << 20, 1L << 21, 1L << 22),
        asked(
            join(
                ZstdFrames.skippable(0, FEW.length, FEW),
                ZstdFrames.ofWindow(20, 0, FEW),
                ZstdFrames.ofWindow(21, 0, FEW),
                ZstdFrames.ofWindow(20, 0, FEW),
                ZstdFrames.ofWindow(21, 0, FEW),
                ZstdFrames.ofWindow(22, 0, FEW))));
  }

  /// Who gets no window keeps nothing: neither was it allocated, nor is there output.
  @Test
  public void waitsBeforeItBeginsAFrame() {
    ByteBuffer output = ByteBuffer.allocateDirect(100);
    try (Decompressor.Stream stream =
        decompressor()
            .open(_ -> {
              throw new InterruptedIOException("cancelled");
            })) {
      byte[] frame = ZstdFrames.ofWindow(21, 0, FEW);
      ByteBuffer input = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
      assertThrows(InterruptedIOException.class, () -> stream.decompress(input, output));
    }
    assertEquals(0, output.position());
  }

  private List<Long> asked(byte[] compressed) throws Exception {
    List<Long> asked = new ArrayList<>();
    ByteBuffer input = ByteBuffer.allocateDirect(compressed.length).put(compressed).flip();
    ByteBuffer output = ByteBuffer.allocateDirect(1 << 16);
    try (Decompressor.Stream stream = decompressor().open(asked::add)) {
      stream.decompress(input, output);
      stream.finish();
    }
    return asked;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 262_144})
  public void skipsSkippableFramesAnywhere(int piece) throws Exception {
    byte[] empty = ZstdFrames.skippable(0, 0, new byte[0]);
    byte[] full = ZstdFrames.skippable(15, 1000, new byte[1000]);
    byte[] compressed = join(full, compress(FEW), empty, full, compress(FEW), full, empty);
    assertArrayEquals(join(FEW, FEW), inflation().inPieces(piece, piece).inflate(compressed));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 8, 500, 1007})
  public void refusesASkippableFrameCutShort(int length) {
    byte[] skippable = Arrays.copyOf(ZstdFrames.skippable(3, 1000, new byte[1000]), length);
    assertThrows(
        IntegrityException.class, () -> inflation().inflate(join(compress(FEW), skippable)));
  }

  @Test
  public void boundsSkippedBytes() {
    byte[] compressed = join(compress(FEW), ZstdFrames.skippable(0, 0x20000001, new byte[0]));
    UnsafeContentException refusal =
        assertThrows(UnsafeContentException.class, () -> inflation().inflate(compressed));
    assertEquals(
        "inflate zstd: more than 536870912 bytes in skippable frames", refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"65536, true", "65537, false"})
  public void boundsEmptyFrames(int count, boolean accepted) throws Exception {
    byte[] skippable = ZstdFrames.skippable(0, 0, new byte[0]);
    byte[] compressed = new byte[count * skippable.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(skippable, 0, compressed, i * skippable.length, skippable.length);
    }
    if (accepted) {
      assertEquals(0, inflation().count(compressed));
    } else {
      UnsafeContentException refusal =
          assertThrows(UnsafeContentException.class, () -> inflation().count(compressed));
      assertEquals("inflate zstd: more than 65536 empty or skippable frames", refusal.getMessage());
    }
  }

  /// A window of 32 MiB is the bound.
  @ParameterizedTest
  @CsvSource({
    "10, 0, true",
    "23, 0, true",
    "24, 7, true",
    "25, 0, true",
    "25, 1, false",
    "27, 0, false",
    "31, 0, false",
    "41, 7, false",
  })
  public void boundsTheWindow(int log, int eighths, boolean accepted) throws Exception {
    byte[] compressed = ZstdFrames.ofWindow(log, eighths, FEW);
    if (accepted) {
      assertArrayEquals(FEW, inflation().inflate(compressed));
    } else {
      UnsafeContentException refusal =
          assertThrows(UnsafeContentException.class, () -> inflation().inflate(compressed));
      long window = (1L << log) + (1L << log) / 8 * eighths;
      assertEquals(
          "inflate zstd: frame wants a window of %d bytes, the bound is 33554432".formatted(window),
          refusal.getMessage());
    }
  }

  @Test
  public void readsAnHonestContentSize() throws Exception {
    assertArrayEquals(FEW, inflation().inflate(ZstdFrames.ofContentSize(100, FEW)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 99, 101, 1_000_000, 33_554_432})
  public void refusesALyingContentSize(long claimed) {
    byte[] compressed = ZstdFrames.ofContentSize(claimed, FEW);
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
    assertThrows(IntegrityException.class, () -> inflation().inPieces(1, 7).inflate(compressed));
  }

  @ParameterizedTest
  @ValueSource(longs = {33_554_433, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  public void boundsASingleSegment(long claimed) {
    byte[] compressed = ZstdFrames.ofContentSize(claimed, FEW);
    assertThrows(UnsafeContentException.class, () -> inflation().inflate(compressed));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 77, Integer.MIN_VALUE})
  public void refusesADictionary(int id) {
    UnsafeContentException refusal =
        assertThrows(
            UnsafeContentException.class,
            () -> inflation().inflate(ZstdFrames.ofDictionary(id, FEW)));
    assertEquals(
        "inflate zstd: frame wants dictionary %s, layers have none"
            .formatted(Integer.toUnsignedString(id)),
        refusal.getMessage());
  }

  @Test
  public void readsADictionaryOfNone() throws Exception {
    assertArrayEquals(FEW, inflation().inflate(ZstdFrames.ofDictionary(0, FEW)));
  }

  @Test
  public void refusesAWrongChecksum() {
    byte[] compressed = compress(PLAIN);
    compressed[compressed.length - 1] ^= 1;
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
    assertThrows(IntegrityException.class, () -> inflation().inPieces(1, 7).inflate(compressed));
  }

  @Test
  public void refusesAReservedBit() {
    byte[] compressed = compress(PLAIN);
    compressed[4] |= 0x08;
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
  }

  /// Formats before 0.8, which libzstd may still know.
  @ParameterizedTest
  @ValueSource(ints = {0x1e, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x29})
  public void refusesOtherMagicNumbers(int first) {
    byte[] compressed = compress(PLAIN);
    compressed[0] = (byte) first;
    assertThrows(IntegrityException.class, () -> inflation().inflate(compressed));
  }
}
