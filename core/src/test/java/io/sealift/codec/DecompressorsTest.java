package io.sealift.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsupportedImageException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecompressorsTest {

  private record Named(Compression compression, String name) implements Decompressor {

    @Override
    public Stream open() {
      throw new IllegalStateException("only chosen");
    }
  }

  private static final Decompressor FAST = new Named(Compression.GZIP, "fast");
  private static final Decompressor SLOW = new Named(Compression.GZIP, "slow");
  private static final Decompressor OTHER = new Named(Compression.ZSTD, "other");

  @Test
  void choosesTheFirstOfAKind() throws Exception {
    assertEquals(
        "fast", new Decompressors(List.of(FAST, OTHER, SLOW)).choose(Compression.GZIP).name());
    assertEquals(
        "other", new Decompressors(List.of(FAST, SLOW, OTHER)).choose(Compression.ZSTD).name());
  }

  @Test
  void tellsThatThereIsNone() {
    Decompressors gzipOnly = new Decompressors(List.of(SLOW));
    UnsupportedImageException refusal =
        assertThrows(UnsupportedImageException.class, () -> gzipOnly.choose(Compression.ZSTD));
    assertEquals("decompress layer: no decompressor for zstd is installed", refusal.getMessage());
  }

  @Test
  void passesPlainBytesOn() throws Exception {
    ByteBuffer input = ByteBuffer.wrap(new byte[] {1, 2, 3});
    ByteBuffer output = ByteBuffer.allocate(2);
    Decompressor plain = new Decompressors(List.of(FAST)).choose(Compression.NONE);
    assertEquals(Compression.NONE, plain.compression());
    try (Decompressor.Stream stream = plain.open()) {
      stream.decompress(input, output);
      assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), output.flip());
      stream.decompress(input, output.clear());
      assertEquals(ByteBuffer.wrap(new byte[] {3}), output.flip());
      stream.finish();
    }
  }
}
