package io.sealift.registry.http2;

import java.nio.ByteBuffer;

/// The beginning of a frame (RFC 9113, 4.1), and what is known of frames.
///
/// @param length of what follows it, in bytes
/// @param stream 0 for the connection as a whole
public record FrameHead(int length, int type, int flags, int stream) {

  /// Bytes of it.
  public static final int BYTES = 9;

  /// Bytes that may follow one, for a side that has not allowed more.
  public static final int MAX_LENGTH = 16 * 1024;

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /// Of `DATA` and `HEADERS`: no more of the stream follows.
  public static final int END_STREAM = 1;

  /// Of `SETTINGS` and `PING`: these are the receiver's own, seen.
  public static final int ACK = 1;

  /// Of `HEADERS` and `CONTINUATION`: no more headers follow.
  public static final int END_HEADERS = 4;

  /// Of `DATA` and `HEADERS`: a byte says how many at the end mean nothing.
  public static final int PADDED = 8;

  /// Of `HEADERS`: five bytes say what is more important.
  public static final int PRIORITY = 0x20;

  /// Takes one from a buffer that has it.
  public static FrameHead read(ByteBuffer from) {
    int word = from.getInt();
    return new FrameHead(
        word >>> 8, word & 0xff, from.get() & 0xff, from.getInt() & Integer.MAX_VALUE);
  }

  /// Puts it into a buffer that has room.
  public ByteBuffer write(ByteBuffer into) {
    return into.putInt((length << 8) | type).put((byte) flags).putInt(stream);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
