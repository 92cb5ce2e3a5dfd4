package io.sealift.testing.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every {@link Decompressor} does, whatever it decodes and whatever decodes it. Inherit it,
/// through {@link GzipContract} or {@link ZstdContract}, for each implementation.
public abstract class DecompressorContract {

  private static final byte[] SMALL = Samples.mixed(700);
  private static final byte[] LARGE = Samples.mixed(1_000_000);

  /// The implementation under test.
  protected abstract Decompressor decompressor();

  /// A complete stream of one part (member or frame) with a checksum.
  protected abstract byte[] compress(byte[] plain);

  /// A stream that gives this many zero bytes.
  protected abstract byte[] bomb(long plainLength);

  protected final Inflation inflation() {
    return Inflation.of(decompressor());
  }

  protected static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  @Test
  public void isDetectedAsWhatItReads() {
    assertEquals(
        decompressor().compression(), Compression.detect(ByteBuffer.wrap(compress(SMALL))));
  }

  @Test
  public void isNamed() {
    assertFalse(decompressor().name().isBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "1, 1, 1",
    "2, 1, 1000",
    "700, 1, 1",
    "700, 1, 4096",
    "700, 4096, 1",
    "32768, 7, 13",
    "65536, 100, 65536",
    "65537, 65537, 100",
    "131072, 131072, 131072",
    "1000000, 1, 65536",
    "1000000, 65536, 17",
    "1000000, 4099, 8191",
    "1000000, 262144, 262144",
    "5000000, 262144, 65536",
  })
  public void givesBackWhatWasCompressed(int length, int inputPiece, int outputPiece)
      throws Exception {
    byte[] plain = Samples.mixed(length);
    assertArrayEquals(
        plain, inflation().inPieces(inputPiece, outputPiece).inflate(compress(plain)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 70000", "70000, 3", "262144, 262144"})
  public void readsAllPartsOfAStream(int inputPiece, int outputPiece) throws Exception {
    byte[] compressed = join(compress(SMALL), compress(new byte[0]), compress(SMALL));
    assertArrayEquals(
        join(SMALL, SMALL), inflation().inPieces(inputPiece, outputPiece).inflate(compressed));
  }

  @Test
  public void refusesNoInput() {
    assertThrows(IntegrityException.class, () -> inflation().inflate(new byte[0]));
  }

  @Test
  public void refusesASmallStreamCutAnywhere() {
    byte[] compressed = compress(SMALL);
    for (int length = 0; length < compressed.length; length++) {
      refusesCut(compressed, length);
    }
  }

  @Test
  public void refusesALargeStreamCutAtEveryPage() {
    byte[] compressed = compress(LARGE);
    for (int length = 4096; length < compressed.length; length += 4096) {
      refusesCut(compressed, length);
    }
  }

  @Test
  public void refusesASecondPartCutAnywhere() {
    byte[] first = compress(SMALL);
    byte[] compressed = join(first, compress(SMALL));
    for (int length = first.length + 1; length < compressed.length; length++) {
      refusesCut(compressed, length);
    }
  }

  private void refusesCut(byte[] compressed, int length) {
    assertThrows(
        IntegrityException.class,
        () -> inflation().inflate(Arrays.copyOf(compressed, length)),
        () -> "cut to %d of %d bytes".formatted(length, compressed.length));
  }

  @Test
  public void noticesEveryFlippedBit() throws Exception {
    byte[] compressed = compress(SMALL);
    int refused = 0;
    for (int bit = 0; bit < 8 * compressed.length; bit++) {
      byte[] flipped = compressed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(SMALL, inflation().inflate(flipped), "bit " + bit);
      } catch (ImageException expected) {
        refused++;
      }
    }
    // headers have a few bits that mean nothing, such as a time
    assertTrue(refused > 8 * compressed.length * 8 / 10, "refused only " + refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "GET / HTTP/1.1", "\u0001", "(\u00b5", "\u001f"})
  public void refusesOtherBytesAfterTheEnd(String trailing) {
    byte[] garbage = trailing.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThrows(
        IntegrityException.class, () -> inflation().inflate(join(compress(SMALL), garbage)));
    assertThrows(
        IntegrityException.class,
        () -> inflation().inPieces(1, 1).inflate(join(compress(SMALL), garbage)));
  }

  @Test
  public void givesNoMoreThanTheOutputHolds() throws Exception {
    byte[] compressed = compress(LARGE);
    ByteBuffer input = direct(compressed);
    ByteBuffer output = ByteBuffer.allocateDirect(100);
    output.position(10).limit(60);
    try (Decompressor.Stream stream = decompressor().open()) {
      stream.decompress(input, output);
    }
    assertEquals(60, output.position());
    assertEquals(60, output.limit());
    output.clear();
    byte[] all = new byte[100];
    output.get(all);
    byte[] expected = new byte[100];
    System.arraycopy(LARGE, 0, expected, 10, 50);
    assertArrayEquals(expected, all);
  }

  @Test
  public void readsNoFurtherThanTheInputsLimit() throws Exception {
    byte[] compressed = compress(SMALL);
    ByteBuffer input = direct(join(new byte[] {9, 9, 9}, compressed, new byte[] {9, 9, 9}));
    input.position(3).limit(3 + compressed.length);
    ByteBuffer output = ByteBuffer.allocateDirect(2 * SMALL.length);
    try (Decompressor.Stream stream = decompressor().open()) {
      stream.decompress(input, output);
      stream.finish();
    }
    assertEquals(3 + compressed.length, input.position());
    assertEquals(SMALL.length, output.position());
  }

  @Test
  public void keepsOutputThatHadNoRoom() throws Exception {
    ByteBuffer input = direct(compress(SMALL));
    ByteBuffer none = ByteBuffer.allocateDirect(0);
    ByteBuffer output = ByteBuffer.allocateDirect(2 * SMALL.length);
    try (Decompressor.Stream stream = decompressor().open()) {
      for (int i = 0; i < 100; i++) {
        stream.decompress(input, none);
      }
      stream.decompress(input, output);
      stream.finish();
    }
    assertFalse(input.hasRemaining());
    byte[] plain = new byte[output.flip().remaining()];
    output.get(plain);
    assertArrayEquals(SMALL, plain);
  }

  @Test
  public void staysAsItIsWithoutInput() throws Exception {
    byte[] compressed = compress(SMALL);
    ByteBuffer none = ByteBuffer.allocateDirect(0);
    ByteBuffer output = ByteBuffer.allocateDirect(2 * SMALL.length);
    try (Decompressor.Stream stream = decompressor().open()) {
      stream.decompress(direct(Arrays.copyOf(compressed, 30)), output);
      for (int i = 0; i < 100; i++) {
        stream.decompress(none, output);
      }
      stream.decompress(direct(Arrays.copyOfRange(compressed, 30, compressed.length)), output);
      stream.finish();
    }
    assertEquals(SMALL.length, output.position());
  }

  @Test
  public void givesABombPieceByPiece() throws Exception {
    long length = 300_000_000;
    byte[] compressed = bomb(length);
    assertTrue(compressed.length < length / 500, "no bomb: %d bytes".formatted(compressed.length));
    assertEquals(length, inflation().inPieces(1 << 20, 1 << 16).count(compressed));
  }

  @Test
  public void closesTwice() {
    Decompressor.Stream stream = decompressor().open();
    stream.close();
    stream.close();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    assertThrows(IllegalStateException.class, () -> stream.decompress(buffer, buffer.duplicate()));
  }

  @Test
  public void closesInTheMiddle() throws Exception {
    Decompressor.Stream stream = decompressor().open();
    stream.decompress(direct(compress(LARGE)), ByteBuffer.allocateDirect(1000));
    stream.close();
  }

  @Test
  public void movesFromThreadToThread() throws Exception {
    ByteBuffer output = ByteBuffer.allocateDirect(2 * SMALL.length);
    try (ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor()) {
      Decompressor.Stream stream = first.submit(() -> decompressor().open()).get();
      second
          .submit(() -> {
            stream.decompress(direct(compress(SMALL)), output);
            stream.finish();
            return stream;
          })
          .get();
      first.submit(stream::close).get();
    }
    assertEquals(SMALL.length, output.position());
  }

  @Test
  public void keepsStreamsApart() throws Exception {
    byte[] other = Samples.mixed(701);
    ByteBuffer one = ByteBuffer.allocateDirect(2 * SMALL.length);
    ByteBuffer two = ByteBuffer.allocateDirect(2 * SMALL.length);
    ByteBuffer inputOne = direct(compress(SMALL));
    ByteBuffer inputTwo = direct(compress(other));
    try (Decompressor.Stream first = decompressor().open();
        Decompressor.Stream second = decompressor().open()) {
      while (inputOne.hasRemaining() || inputTwo.hasRemaining()) {
        step(first, inputOne, one);
        step(second, inputTwo, two);
      }
      first.finish();
      second.finish();
    }
    assertEquals(ByteBuffer.wrap(SMALL), one.flip());
    assertEquals(ByteBuffer.wrap(other), two.flip());
  }

  private static void step(Decompressor.Stream stream, ByteBuffer input, ByteBuffer output)
      throws ImageException, InterruptedIOException {
    int length = Math.min(11, input.remaining());
    stream.decompress(input.slice(input.position(), length), output);
    input.position(input.position() + length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  public void survivesMutations(long seed) throws Exception {
    Mutations mutations = new Mutations(seed);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] plain = Samples.mixed(1 + (round * 37) % 9000);
      byte[] mutated = mutations.mutate(compress(plain));
      Inflation inflation = inflation().inPieces(mutations.piece(), mutations.piece());
      try {
        assertTrue(inflation.count(mutated) >= 0);
      } catch (ImageException expected) {
        refused++;
      }
    }
    assertTrue(refused > 750, "refused only " + refused);
  }

  protected static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
