package io.sealift.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// One stream of HTTP/2 as its server has it (RFC 9113), for answers that are made frame by frame,
/// also such as may not be. For the thread that answers.
public final class Http2Stream {

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;

  /// Bytes that a frame may have (RFC 9113, 4.2).
  static final int MAX_FRAME = 16 * 1024;

  private final DataOutputStream out;
  private final int id;
  private final Answer honest;

  Http2Stream(DataOutputStream out, int id, Answer honest) {
    this.out = out;
    this.id = id;
    this.honest = honest;
  }

  /// What is sent for a stream; returns whether the connection goes on.
  public interface Script {
    boolean send(Http2Stream stream) throws IOException;
  }

  public int id() {
    return id;
  }

  /// The body that the honest answer has.
  public byte[] body() {
    return honest.body().clone();
  }

  /// A frame of any kind.
  public Http2Stream frame(int type, int flags, int stream, byte... content) throws IOException {
    return frame(type, flags, stream, content, 0, content.length);
  }

  Http2Stream frame(int type, int flags, int stream, byte[] content, int from, int length)
      throws IOException {
    out.writeInt((length << 8) | type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(content, from, length);
    out.flush();
    return this;
  }

  /// The head of the honest answer, with the length of its body.
  public Http2Stream head(int flags) throws IOException {
    return head(flags, honest.body().length);
  }

  /// The same with another length; none when it is below 0.
  Http2Stream head(int flags, long length) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(header(":status", Integer.toString(honest.status())));
    for (Map.Entry<String, String> header : honest.headers().entrySet()) {
      block.writeBytes(header(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    }
    if (length >= 0) {
      block.writeBytes(header("content-length", Long.toString(length)));
    }
    return frame(HEADERS, flags | END_HEADERS, id, block.toByteArray());
  }

  /// Content of the body, in as many frames as it takes; the last one has the flags.
  public Http2Stream data(int flags, byte[] content) throws IOException {
    int from = 0;
    while (content.length - from > MAX_FRAME) {
      frame(DATA, 0, id, content, from, MAX_FRAME);
      from += MAX_FRAME;
    }
    return frame(DATA, flags, id, content, from, content.length - from);
  }

  /// The server goes away.
  ///
  /// @param last the last stream that it looked at
  public Http2Stream goAway(int last, int error) throws IOException {
    return frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(error).array());
  }

  /// The stream ends here.
  public Http2Stream reset(int error) throws IOException {
    return frame(RST_STREAM, 0, id, ByteBuffer.allocate(4).putInt(error).array());
  }

  /// A header as a block of headers has it, in full (RFC 7541, 6.2.2).
  public static byte[] header(String name, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    text(name, bytes);
    text(value, bytes);
    return bytes.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream into) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    into.write(Math.min(bytes.length, 0x7f));
    if (bytes.length >= 0x7f) {
      int more = bytes.length - 0x7f;
      for (; more > 0x7f; more >>= 7) {
        into.write(0x80 | (more & 0x7f));
      }
      into.write(more);
    }
    into.writeBytes(bytes);
  }
}
