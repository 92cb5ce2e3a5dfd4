package io.sealift.testing;

import com.github.luben.zstd.Zstd;
import io.sealift.codec.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/// How the tar of a layer is packed into a blob.
public enum Packing {
  TAR(Compression.NONE),
  GZIP(Compression.GZIP),
  /// Three members, one of them empty.
  GZIP_MEMBERS(Compression.GZIP),
  ZSTD(Compression.ZSTD),
  /// Three frames, one of them to be skipped.
  ZSTD_FRAMES(Compression.ZSTD);

  /// Magic number of a frame to be skipped (RFC 8878, 3.1.2).
  private static final int SKIPPABLE = 0x184d2a50;

  private final Compression compression;

  Packing(Compression compression) {
    this.compression = compression;
  }

  /// What the blob's media type announces.
  public Compression compression() {
    return compression;
  }

  public byte[] pack(byte[] tar) {
    int half = tar.length / 2;
    byte[] first = Arrays.copyOf(tar, half);
    byte[] second = Arrays.copyOfRange(tar, half, tar.length);
    return switch (this) {
      case TAR -> tar.clone();
      case GZIP -> gzip(tar);
      case GZIP_MEMBERS -> TarMember.concat(gzip(first), gzip(new byte[0]), gzip(second));
      case ZSTD -> Zstd.compress(tar);
      case ZSTD_FRAMES ->
          TarMember.concat(Zstd.compress(first), skippable(), Zstd.compress(second));
    };
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }

  private static byte[] skippable() {
    byte[] content = TarMember.utf8("to be skipped");
    return ByteBuffer.allocate(8 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(SKIPPABLE)
        .putInt(content.length)
        .put(content)
        .array();
  }
}
