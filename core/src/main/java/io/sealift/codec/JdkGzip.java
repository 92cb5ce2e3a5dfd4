package io.sealift.codec;

import io.sealift.failure.IntegrityException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Gzip by the Java platform's own zlib; always there.
public final class JdkGzip implements Decompressor {

  @Override
  public Compression compression() {
    return Compression.GZIP;
  }

  @Override
  public String name() {
    return "java.util.zip";
  }

  @Override
  public Stream open() {
    return new GzipStream(new InflaterMember());
  }

  /// An inflater of raw deflate data, its checksum, and the trailer as far as it arrived.
  private static final class InflaterMember implements MemberDecoder {

    private static final int TRAILER_BYTES = 8;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final ByteBuffer trailer =
        ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public void begin() {
      inflater.reset();
      checksum.reset();
      trailer.clear();
    }

    @Override
    public boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException {
      if (!inflater.finished()) {
        inflate(input, output);
      }
      return inflater.finished() && readTrailer(input);
    }

    private void inflate(ByteBuffer input, ByteBuffer output) throws IntegrityException {
      int start = output.position();
      try {
        inflater.setInput(input);
        while (inflater.inflate(output) > 0 && output.hasRemaining() && !inflater.finished()) {
          // as long as it gives something
        }
      } catch (DataFormatException malformed) {
        throw new IntegrityException(
            "inflate gzip: malformed deflate data: " + malformed.getMessage(), malformed);
      } finally {
        inflater.setInput(NONE);
      }
      checksum.update(output.duplicate().flip().position(start));
    }

    private boolean readTrailer(ByteBuffer input) throws IntegrityException {
      while (trailer.hasRemaining() && input.hasRemaining()) {
        trailer.put(input.get());
      }
      if (trailer.hasRemaining()) {
        return false;
      }
      int expectedChecksum = trailer.getInt(0);
      int expectedLength = trailer.getInt(Integer.BYTES);
      if (expectedChecksum != (int) checksum.getValue()) {
        throw new IntegrityException(
            "inflate gzip: expected checksum %08x, got %08x"
                .formatted(expectedChecksum, (int) checksum.getValue()));
      }
      if (expectedLength != (int) inflater.getBytesWritten()) {
        throw new IntegrityException(
            "inflate gzip: expected %d bytes modulo 2^32, got %d"
                .formatted(Integer.toUnsignedLong(expectedLength), inflater.getBytesWritten()));
      }
      return true;
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}
