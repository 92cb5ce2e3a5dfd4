package io.sealift.testing.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// A gzip member made by hand (RFC 1952), right or wrong. A value.
public final class GzipMember {

  private final int flags;
  private final byte[] fields;
  private final byte[] deflated;
  private final int checksum;
  private final int length;

  private GzipMember(int flags, byte[] fields, byte[] deflated, int checksum, int length) {
    this.flags = flags;
    this.fields = fields;
    this.deflated = deflated;
    this.checksum = checksum;
    this.length = length;
  }

  public static GzipMember of(byte[] plain) {
    return of(plain, Deflater.DEFAULT_COMPRESSION, Deflater.DEFAULT_STRATEGY);
  }

  /// @param level 0 to 9
  /// @param strategy of {@link Deflater}
  public static GzipMember of(byte[] plain, int level, int strategy) {
    CRC32 checksum = new CRC32();
    checksum.update(plain);
    return new GzipMember(
        0, new byte[0], deflate(plain, level, strategy), (int) checksum.getValue(), plain.length);
  }

  private static byte[] deflate(byte[] plain, int level, int strategy) {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setStrategy(strategy);
      deflater.setInput(plain);
      deflater.finish();
      byte[] piece = new byte[64 * 1024];
      while (!deflater.finished()) {
        deflated.write(piece, 0, deflater.deflate(piece));
      }
    }
    return deflated.toByteArray();
  }

  /// Another header.
  ///
  /// @param newFlags the `FLG` byte
  /// @param newFields what stands between the first ten bytes and the deflate data
  public GzipMember withHeader(int newFlags, byte[] newFields) {
    return new GzipMember(newFlags, newFields, deflated, checksum, length);
  }

  /// Another trailer; the right one is {@link #checksum} and {@link #length}.
  public GzipMember withTrailer(int newChecksum, int newLength) {
    return new GzipMember(flags, fields, deflated, newChecksum, newLength);
  }

  /// CRC-32 of the plain bytes.
  public int checksum() {
    return checksum;
  }

  /// How many plain bytes there are.
  public int length() {
    return length;
  }

  public byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(18 + fields.length + deflated.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x1f).put((byte) 0x8b).put((byte) Deflater.DEFLATED).put((byte) flags);
    bytes.putInt(0x5eed1e55).put((byte) 0).put((byte) 3);
    return bytes.put(fields).put(deflated).putInt(checksum).putInt(length).array();
  }
}
