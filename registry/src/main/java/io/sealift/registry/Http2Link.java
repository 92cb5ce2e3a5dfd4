package io.sealift.registry;

import static io.sealift.registry.http2.FrameHead.ACK;
import static io.sealift.registry.http2.FrameHead.CONTINUATION;
import static io.sealift.registry.http2.FrameHead.DATA;
import static io.sealift.registry.http2.FrameHead.END_HEADERS;
import static io.sealift.registry.http2.FrameHead.GOAWAY;
import static io.sealift.registry.http2.FrameHead.HEADERS;
import static io.sealift.registry.http2.FrameHead.PADDED;
import static io.sealift.registry.http2.FrameHead.PING;
import static io.sealift.registry.http2.FrameHead.PRIORITY;
import static io.sealift.registry.http2.FrameHead.PUSH_PROMISE;
import static io.sealift.registry.http2.FrameHead.RST_STREAM;
import static io.sealift.registry.http2.FrameHead.SETTINGS;
import static io.sealift.registry.http2.FrameHead.WINDOW_UPDATE;

import io.sealift.registry.http2.FrameHead;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/2 with what goes over it besides requests and answers (RFC 9113):
/// settings, windows, pings, and that the server goes away. All of it is dealt with by whoever
/// waits for the answer of the stream at hand.
final class Http2Link {

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int HEADER_TABLE_SIZE = 1;
  private static final int ENABLE_PUSH = 2;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_HEADER_LIST_SIZE = 6;

  /// Bytes of the windows before anybody says otherwise (RFC 9113, 6.9.2).
  private static final int DEFAULT_WINDOW = 65_535;

  private static final int MAX_WINDOW = Integer.MAX_VALUE;

  /// Bytes that may come before we say so again: more than a link holds, and kept nowhere.
  private static final int WINDOW = 16 << 20;

  /// Bytes of body after which a window is opened anew.
  private static final int CREDIT = WINDOW / 2;

  /// Bytes of the headers of one answer as they come, and frames that they may come in.
  private static final int MAX_BLOCK_BYTES = 64 * 1024;

  private static final int MAX_BLOCK_FRAMES = 16;

  /// Frames in a row that bring an answer no further. Servers send a handful of them.
  private static final int MAX_IDLE_FRAMES = 100;

  /// Names of error codes (RFC 9113, 7).
  private static final String[] ERRORS = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
  };

  private static final int REFUSED_STREAM = 7;

  private final Connection connection;

  /// That of the last request; clients count with odd numbers. 0 before the first one.
  private int stream;

  /// Whether the server said who it is: its settings come before everything else.
  private boolean greeted;

  /// Bytes that may be sent over the connection, and at the beginning of a stream.
  private long sendWindow = DEFAULT_WINDOW;

  private int initialWindow = DEFAULT_WINDOW;

  /// The same of the stream that is being sent.
  private long streamWindow;

  /// Bytes that came since the connection's window was opened.
  private int received;

  /// The same of the stream at hand.
  private int receivedHere;

  private boolean goingAway;

  /// Whether the head of the answer was read.
  private boolean answered;

  private int idleFrames;

  Http2Link(Connection connection) {
    this.connection = connection;
  }

  /// A server says that it did nothing about a request, which may be sent again elsewhere.
  static final class UnprocessedException extends IOException {

    private static final long serialVersionUID = 1L;

    UnprocessedException(String message) {
      super(message);
    }
  }

  /// Begins the next stream.
  ///
  /// @param first takes what has to be sent before its headers
  void begin(ByteArrayOutputStream first) {
    if (stream == 0) {
      first.writeBytes(PREFACE);
      first.writeBytes(greeting());
    }
    stream += stream == 0 ? 1 : 2;
    streamWindow = initialWindow;
    receivedHere = 0;
    answered = false;
  }

  /// The head of the answer was read.
  void answered() {
    answered = true;
  }

  /// Whether there can be another stream.
  boolean goesOn() {
    return !goingAway;
  }

  /// What begins a connection: what may come, and how much of it.
  private static byte[] greeting() {
    int[][] settings = {
      {HEADER_TABLE_SIZE, 0},
      {ENABLE_PUSH, 0},
      {INITIAL_WINDOW_SIZE, WINDOW},
      {MAX_HEADER_LIST_SIZE, MAX_BLOCK_BYTES},
    };
    ByteBuffer greeting = ByteBuffer.allocate(FrameHead.BYTES * 2 + 6 * settings.length + 4);
    new FrameHead(6 * settings.length, SETTINGS, 0, 0).write(greeting);
    for (int[] setting : settings) {
      greeting.putShort((short) setting[0]).putInt(setting[1]);
    }
    new FrameHead(4, WINDOW_UPDATE, 0, 0).write(greeting).putInt(WINDOW - DEFAULT_WINDOW);
    return greeting.array();
  }

  /// A frame of the stream.
  byte[] frame(int type, int flags, byte[] content) {
    return frame(type, flags, stream, content);
  }

  private static byte[] frame(int type, int flags, int stream, byte[] content) {
    ByteBuffer frame = ByteBuffer.allocate(FrameHead.BYTES + content.length);
    return new FrameHead(content.length, type, flags, stream).write(frame).put(content).array();
  }

  /// Takes as much of the windows as there is, for bytes that are then sent.
  ///
  /// @return how many; 0 when the next frame has to be awaited
  int reserve(int most) {
    long length = greeted ? Math.max(0, Math.min(most, Math.min(sendWindow, streamWindow))) : 0;
    sendWindow -= length;
    streamWindow -= length;
    idleFrames = length > 0 ? 0 : idleFrames;
    return (int) length;
  }

  /// Opens the windows anew when much came.
  ///
  /// @param last whether nothing more comes of the stream
  void credit(int bytes, boolean last) throws IOException {
    received += bytes;
    receivedHere += bytes;
    if (received >= CREDIT) {
      open(0, received);
      received = 0;
    }
    if (receivedHere >= CREDIT && !last) {
      open(stream, receivedHere);
      receivedHere = 0;
    }
  }

  private void open(int stream, int bytes) throws IOException {
    byte[] more = ByteBuffer.allocate(4).putInt(bytes).array();
    connection.say(frame(WINDOW_UPDATE, 0, stream, more));
  }

  /// The next frame that is a part of the answer; others are dealt with.
  FrameHead nextOfStream() throws IOException {
    while (true) {
      FrameHead frame = next();
      if (frame != null) {
        return frame;
      }
    }
  }

  /// Reads the head of a frame, and all of one that is about something else than the answer.
  ///
  /// @return null after one about something else
  @Nullable FrameHead next() throws IOException {
    FrameHead frame = FrameHead.read(ByteBuffer.wrap(take(FrameHead.BYTES)));
    if (!greeted && (frame.type() != SETTINGS || frame.has(ACK) || frame.stream() != 0)) {
      throw new OtherVersionException(
          new UnreachableException("the server does not speak HTTP/2 any more"));
    }
    if (frame.length() > FrameHead.MAX_LENGTH) {
      throw new ProtocolException("a frame of HTTP/2 of " + frame.length() + " bytes");
    }
    boolean ours = frame.stream() == stream;
    if (frame.type() == DATA || frame.type() == HEADERS) {
      if (!ours) {
        throw new ProtocolException("an answer of HTTP/2 that nobody asked for");
      }
      return frame;
    }
    count(false);
    if (frame.type() == PUSH_PROMISE || frame.type() == CONTINUATION) {
      throw new ProtocolException("a frame of HTTP/2 that may not be here");
    }
    ByteBuffer content = ByteBuffer.wrap(take(frame.length()));
    switch (frame.type()) {
      case SETTINGS -> settings(frame, content);
      case PING -> ping(frame, content);
      case WINDOW_UPDATE -> widen(frame, content);
      case GOAWAY -> goAway(content(content, 8, Integer.MAX_VALUE));
      case RST_STREAM -> reset(content(content, 4, 4), ours);
      default -> {} // priorities, and what is not known yet, mean nothing to us
    }
    return null;
  }

  /// Counts a frame.
  ///
  /// @param further whether it brings the answer further
  void count(boolean further) throws ProtocolException {
    idleFrames = further ? 0 : idleFrames + 1;
    if (idleFrames > MAX_IDLE_FRAMES) {
      throw new ProtocolException(
          "more than " + MAX_IDLE_FRAMES + " frames of HTTP/2 that bring an answer no further");
    }
  }

  private static ByteBuffer content(ByteBuffer content, int least, int most)
      throws ProtocolException {
    if (content.remaining() < least || content.remaining() > most) {
      throw new ProtocolException("a frame of HTTP/2 of a wrong size");
    }
    return content;
  }

  private void settings(FrameHead frame, ByteBuffer content) throws IOException {
    if (content.remaining() % 6 != 0 || (frame.has(ACK) && content.hasRemaining())) {
      throw new ProtocolException("settings of HTTP/2 of a wrong size");
    }
    greeted = true;
    while (content.hasRemaining()) {
      int name = content.getShort();
      int value = content.getInt();
      if (name == INITIAL_WINDOW_SIZE) {
        if (value < 0) {
          throw new ProtocolException("a window of HTTP/2 that is too large");
        }
        streamWindow += value - initialWindow;
        initialWindow = value;
      }
    }
    if (!frame.has(ACK)) {
      connection.say(frame(SETTINGS, ACK, 0, new byte[0]));
    }
  }

  private void ping(FrameHead frame, ByteBuffer content) throws IOException {
    byte[] same = content(content, 8, 8).array();
    if (!frame.has(ACK)) {
      connection.say(frame(PING, ACK, 0, same));
    }
  }

  private void widen(FrameHead frame, ByteBuffer content) throws ProtocolException {
    int more = content(content, 4, 4).getInt() & MAX_WINDOW;
    if (frame.stream() == 0) {
      sendWindow += more;
    } else if (frame.stream() == stream) {
      streamWindow += more;
    }
    if (Math.max(sendWindow, streamWindow) > MAX_WINDOW) {
      throw new ProtocolException("a window of HTTP/2 that is too large");
    }
  }

  private void goAway(ByteBuffer content) throws UnprocessedException {
    goingAway = true;
    int last = content.getInt() & Integer.MAX_VALUE;
    if (last < stream) {
      throw new UnprocessedException("the server goes away (" + error(content.getInt()) + ")");
    }
  }

  private void reset(ByteBuffer content, boolean ours) throws IOException {
    int code = content.getInt();
    if (ours) {
      String message = "the server reset the stream (" + error(code) + ")";
      throw code == REFUSED_STREAM ? new UnprocessedException(message) : new IOException(message);
    }
  }

  private static String error(int code) {
    return code >= 0 && code < ERRORS.length ? ERRORS[code] : "code " + code;
  }

  /// The headers of an answer, all frames of them.
  byte[] block(FrameHead head) throws IOException {
    byte[] first = take(head.length());
    int from = 0;
    int to = first.length;
    if (head.has(PADDED)) {
      from++;
      to -= first.length == 0 ? 1 : first[0] & 0xff;
    }
    if (head.has(PRIORITY)) {
      from += 5;
    }
    if (from > to) {
      throw new ProtocolException("padding of HTTP/2 that is too large");
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(first, from, to - from);
    boolean last = head.has(END_HEADERS);
    for (int frames = 1; !last; frames++) {
      FrameHead more = FrameHead.read(ByteBuffer.wrap(take(FrameHead.BYTES)));
      if (more.type() != CONTINUATION || more.stream() != stream) {
        throw new ProtocolException("headers of HTTP/2 that do not go on");
      }
      if (frames == MAX_BLOCK_FRAMES || more.length() > MAX_BLOCK_BYTES - block.size()) {
        throw new ProtocolException(
            "headers of HTTP/2 of more than %d bytes or %d frames"
                .formatted(MAX_BLOCK_BYTES, MAX_BLOCK_FRAMES));
      }
      block.writeBytes(take(more.length()));
      last = more.has(END_HEADERS);
    }
    count(true);
    return block.toByteArray();
  }

  /// Reads so many bytes.
  byte[] take(int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (connection.read(bytes, length) < 0) {
        throw closed();
      }
    }
    return bytes.array();
  }

  /// The server is gone before its time.
  EOFException closed() {
    return new EOFException(
        "the server closed the connection" + (answered ? " inside an answer" : ""));
  }
}
