package io.sealift.testing.codec;

import io.sealift.codec.Decompressor;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/// A whole stream decompressed in pieces of given sizes (bytes), the way a pipeline does it.
///
/// @param maxOutput bytes after which the output is only counted, not kept
public record Inflation(
    Decompressor decompressor, int inputPiece, int outputPiece, long maxOutput) {

  /// Pieces as large as those of a pull.
  public static Inflation of(Decompressor decompressor) {
    return new Inflation(decompressor, 256 * 1024, 256 * 1024, Long.MAX_VALUE);
  }

  public Inflation inPieces(int ofInput, int ofOutput) {
    return new Inflation(decompressor, ofInput, ofOutput, maxOutput);
  }

  /// The decompressed bytes.
  public byte[] inflate(byte[] compressed)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    run(compressed, plain);
    return plain.toByteArray();
  }

  /// How many bytes come out.
  public long count(byte[] compressed)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    return new Inflation(decompressor, inputPiece, outputPiece, 0)
        .run(compressed, new ByteArrayOutputStream());
  }

  private long run(byte[] compressed, ByteArrayOutputStream plain)
      throws IntegrityException, UnsafeContentException, InterruptedIOException {
    ByteBuffer input = ByteBuffer.allocateDirect(inputPiece);
    ByteBuffer output = ByteBuffer.allocateDirect(outputPiece);
    long total = 0;
    try (Decompressor.Stream stream = decompressor.open()) {
      for (int at = 0; at < compressed.length; at += inputPiece) {
        input.clear().put(compressed, at, Math.min(inputPiece, compressed.length - at)).flip();
        boolean full = true;
        while (full || input.hasRemaining()) {
          output.clear();
          stream.decompress(input, output);
          full = !output.hasRemaining();
          total += output.flip().remaining();
          keep(output, plain);
        }
      }
      stream.finish();
    }
    return total;
  }

  private void keep(ByteBuffer output, ByteArrayOutputStream plain) {
    while (output.hasRemaining() && plain.size() < maxOutput) {
      plain.write(output.get());
    }
  }
}
