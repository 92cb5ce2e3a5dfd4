package io.sealift.codec;

import java.nio.ByteBuffer;

/// How a layer's tar is compressed, told by its first bytes (RFC 1952 §2.3.1, RFC 8878 §3.1), never
/// by its media type.
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  /// Bytes needed to tell the compression; fewer are enough only when the layer ends before.
  public static final int MAGIC_BYTES = 4;

  /// Looks at the first bytes of the buffer without moving its position.
  public static Compression detect(ByteBuffer head) {
    int at = head.position();
    if (head.remaining() >= 2
        && (head.get(at) & 0xff) == 0x1f
        && (head.get(at + 1) & 0xff) == 0x8b) {
      return GZIP;
    }
    if (head.remaining() >= MAGIC_BYTES && (isFrame(head, at) || isSkippableFrame(head, at))) {
      return ZSTD;
    }
    return NONE;
  }

  private static boolean isFrame(ByteBuffer head, int at) {
    return head.get(at) == 0x28
        && (head.get(at + 1) & 0xff) == 0xb5
        && head.get(at + 2) == 0x2f
        && (head.get(at + 3) & 0xff) == 0xfd;
  }

  private static boolean isSkippableFrame(ByteBuffer head, int at) {
    return (head.get(at) & 0xf0) == 0x50
        && head.get(at + 1) == 0x2a
        && head.get(at + 2) == 0x4d
        && head.get(at + 3) == 0x18;
  }
}
