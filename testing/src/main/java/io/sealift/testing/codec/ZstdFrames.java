package io.sealift.testing.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Zstd frames (RFC 8878) to test with, right or wrong.
public final class ZstdFrames {

  private ZstdFrames() {}

  /// A frame with checksum and content size.
  public static byte[] frame(byte[] plain) {
    return frame(plain, Zstd.defaultCompressionLevel(), true, true);
  }

  public static byte[] frame(byte[] plain, int level, boolean checksum, boolean contentSize) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(level);
      context.setChecksum(checksum);
      context.setContentSize(contentSize);
      return context.compress(plain);
    }
  }

  /// A frame with nothing to decode.
  ///
  /// @param kind 0 to 15
  /// @param claimed the length that its header says
  public static byte[] skippable(int kind, int claimed, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x184d2a50 + kind)
        .putInt(claimed)
        .put(content)
        .array();
  }

  /// A frame of one raw block that asks for a window of {@code 2^log * (1 + eighths / 8)} bytes.
  public static byte[] ofWindow(int log, int eighths, byte[] plain) {
    return ByteBuffer.allocate(9 + plain.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0xfd2fb528)
        .put((byte) 0)
        .put((byte) ((log - 10) << 3 | eighths))
        .put(lastRawBlock(plain.length))
        .put(plain)
        .array();
  }

  /// A frame of a single segment whose header claims a content size.
  public static byte[] ofContentSize(long claimed, byte[] plain) {
    return ByteBuffer.allocate(16 + plain.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0xfd2fb528)
        .put((byte) 0xe0)
        .putLong(claimed)
        .put(lastRawBlock(plain.length))
        .put(plain)
        .array();
  }

  /// A frame that wants a dictionary.
  public static byte[] ofDictionary(int id, byte[] plain) {
    return ByteBuffer.allocate(13 + plain.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0xfd2fb528)
        .put((byte) 3)
        .put((byte) 0x38)
        .putInt(id)
        .put(lastRawBlock(plain.length))
        .put(plain)
        .array();
  }

  private static byte[] lastRawBlock(int length) {
    int header = length << 3 | 1;
    return new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)};
  }
}
