package io.sealift.testing;

import io.sealift.testing.Answer.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// HTTP/2 with one client, as a server speaks it (RFC 9113): one request after the other, strict
/// with what the client may send, and as wrong in its answers as it is told to be.
final class Http2Session {

  /// What a client begins with, after the line that tells it from HTTP/1.1.
  private static final byte[] PREFACE = "\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// Bytes of a request's body that are taken at once; fewer than a form has.
  private static final int WINDOW = 100;

  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final byte[] NOTHING = {};

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Function<RegistryRequest, Answer> answers;
  private final LongAdder bodyBytes;
  private final Http2Stream connection;
  private long window = 65_535;
  private int initialWindow = 65_535;
  private long streamWindow;
  private int last;

  /// @param in after the line `PRI * HTTP/2.0`
  /// @param bodyBytes counts what is sent of bodies
  Http2Session(
      Socket socket,
      InputStream in,
      OutputStream out,
      Function<RegistryRequest, Answer> answers,
      LongAdder bodyBytes) {
    this.socket = socket;
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(out);
    this.answers = answers;
    this.bodyBytes = bodyBytes;
    this.connection = connection(this.out);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Frame(int type, int flags, int stream, byte[] content) {

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  /// For what is about the connection and no answer.
  private static Http2Stream connection(DataOutputStream out) {
    return new Http2Stream(out, 0, Answer.of(200, NOTHING));
  }

  /// Says what a server says to a client of HTTP/1.1 when it has only HTTP/2.
  static void refuse(OutputStream out) throws IOException {
    connection(new DataOutputStream(out)).frame(Http2Stream.SETTINGS, 0, 0).goAway(0, 1);
  }

  /// Serves until the client goes away, or the answer ends the connection.
  void run() throws IOException, InterruptedException {
    expect(Arrays.equals(in.readNBytes(PREFACE.length), PREFACE), "the preface");
    byte[] settings =
        ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(WINDOW).array();
    connection.frame(Http2Stream.SETTINGS, 0, 0, settings);
    Frame frame = frame();
    expect(frame.type == Http2Stream.SETTINGS && !frame.has(Http2Stream.ACK), "settings first");
    control(frame);
    boolean more = true;
    while (more) {
      frame = frame();
      if (frame.type == Http2Stream.HEADERS) {
        more = answer(frame);
      } else {
        control(frame);
      }
    }
    if (socket.getSoLinger() < 0) { // what was not read yet would take away what was sent
      socket.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private Frame frame() throws IOException {
    int word = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    expect(word >>> 8 <= Http2Stream.MAX_FRAME, "a frame of at most 16 KiB");
    byte[] content = new byte[word >>> 8];
    in.readFully(content);
    return new Frame(word & 0xff, flags, stream, content);
  }

  /// Deals with a frame that is no part of a request.
  private void control(Frame frame) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(frame.content);
    switch (frame.type) {
      case Http2Stream.SETTINGS -> {
        while (content.hasRemaining()) {
          int name = content.getShort();
          int value = content.getInt();
          if (name == INITIAL_WINDOW_SIZE) {
            streamWindow += value - initialWindow;
            initialWindow = value;
          }
        }
        if (!frame.has(Http2Stream.ACK)) {
          connection.frame(Http2Stream.SETTINGS, Http2Stream.ACK, 0);
        }
      }
      case Http2Stream.WINDOW_UPDATE -> {
        int more = content.getInt();
        if (frame.stream == 0) {
          window += more;
        } else if (frame.stream == last) {
          streamWindow += more;
        }
        expect(Math.max(window, streamWindow) <= Integer.MAX_VALUE, "a window that is possible");
      }
      case Http2Stream.PING -> expect(frame.has(Http2Stream.ACK), "no ping of its own");
      default -> throw new ProtocolException("unexpected frame of type " + frame.type);
    }
  }

  private boolean answer(Frame headers) throws IOException, InterruptedException {
    expect(headers.stream > last && headers.stream % 2 == 1, "a new stream");
    last = headers.stream;
    streamWindow = initialWindow;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Frame part = headers;
    block.writeBytes(part.content);
    while (!part.has(Http2Stream.END_HEADERS)) {
      part = frame();
      expect(part.type == Http2Stream.CONTINUATION && part.stream == last, "more headers");
      block.writeBytes(part.content);
    }
    Map<String, String> fields = fields(block.toByteArray());
    String body = headers.has(Http2Stream.END_STREAM) ? "" : body();
    RegistryRequest request =
        new RegistryRequest(
            fields.getOrDefault(":method", ""), fields.getOrDefault(":path", ""), fields, body);
    return send(answers.apply(request));
  }

  private String body() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int open = WINDOW;
    while (true) {
      Frame frame = frame();
      if (frame.type != Http2Stream.DATA) {
        control(frame);
        continue;
      }
      open -= frame.content.length;
      expect(open >= 0, "no more than the window");
      body.writeBytes(frame.content);
      if (frame.has(Http2Stream.END_STREAM)) {
        return body.toString(StandardCharsets.UTF_8);
      }
      byte[] more = ByteBuffer.allocate(4).putInt(frame.content.length).array();
      connection.frame(Http2Stream.WINDOW_UPDATE, 0, 0, more);
      connection.frame(Http2Stream.WINDOW_UPDATE, 0, last, more);
      open += frame.content.length;
    }
  }

  /// Headers that were written in full, each.
  private static Map<String, String> fields(byte[] block) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    ByteBuffer from = ByteBuffer.wrap(block);
    while (from.hasRemaining()) {
      expect(from.get() == 0x10, "a header in full that is never kept");
      fields.merge(text(from), text(from), (first, second) -> first + ", " + second);
    }
    return fields;
  }

  private static String text(ByteBuffer from) throws IOException {
    int length = from.get() & 0xff;
    expect(length < 0x80, "a text that is not coded");
    if (length == 0x7f) {
      int shift = 0;
      int more;
      do {
        more = from.get();
        length += (more & 0x7f) << shift;
        shift += 7;
      } while (more < 0);
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /// Sends an answer; false when the connection ends with it.
  private boolean send(Answer answer) throws IOException, InterruptedException {
    Http2Stream stream = new Http2Stream(out, last, answer);
    byte[] body = answer.body();
    boolean more = false;
    switch (answer.delivery()) {
      case Delivery.Frames(Http2Stream.Script script) -> more = script.send(stream);
      case Delivery.Whole() -> {
        stream.head(body.length == 0 ? Http2Stream.END_STREAM : 0);
        if (body.length > 0) {
          data(stream, body, body.length, Http2Stream.MAX_FRAME, true);
        }
        more = true;
      }
      case Delivery.Chunked(int bytes) -> {
        stream.head(0, -1);
        data(stream, body, body.length, bytes, false);
        stream.data(Http2Stream.END_STREAM, NOTHING);
        more = true;
      }
      case Delivery.UntilClose _ -> {
        stream.head(0, -1);
        data(stream, body, body.length, Http2Stream.MAX_FRAME, true);
      }
      case Delivery.ThenClose _ -> {
        stream.head(0);
        data(stream, body, body.length, Http2Stream.MAX_FRAME, true);
      }
      case Delivery.Length(long said) -> {
        stream.head(0, said);
        data(stream, body, body.length, Http2Stream.MAX_FRAME, true);
      }
      case Delivery.Cut(int after) -> part(stream, body, after);
      case Delivery.Reset(int after, Runnable first) -> {
        part(stream, body, after);
        first.run();
        socket.setSoLinger(true, 0);
      }
      case Delivery.Stall(int after) -> {
        part(stream, body, after);
        in.transferTo(OutputStream.nullOutputStream());
      }
      case Delivery.Trickle(int pause) -> {
        stream.head(0);
        for (byte b : body) {
          stream.data(0, new byte[] {b});
          Thread.sleep(pause);
        }
      }
      case Delivery.Endless() -> {
        stream.head(0, -1);
        while (true) {
          data(
              stream,
              new byte[Http2Stream.MAX_FRAME],
              Http2Stream.MAX_FRAME,
              Http2Stream.MAX_FRAME,
              false);
        }
      }
      case Delivery.EndlessHead(int pause) -> {
        stream.frame(Http2Stream.HEADERS, 0, last);
        while (true) {
          stream.frame(Http2Stream.CONTINUATION, 0, last);
          Thread.sleep(pause);
        }
      }
      case Delivery.Raw(Delivery.After after) -> {
        out.write(body);
        out.flush();
        if (after == Delivery.After.SILENCE) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        if (after == Delivery.After.RESET) {
          socket.setSoLinger(true, 0);
        }
      }
    }
    return more;
  }

  /// The head of a body, and only the beginning of that.
  private void part(Http2Stream stream, byte[] body, int after) throws IOException {
    stream.head(0);
    data(stream, body, Math.min(after, body.length), Http2Stream.MAX_FRAME, false);
  }

  /// Sends as much of a body as the client takes, and waits until it takes more.
  private void data(Http2Stream stream, byte[] body, int length, int most, boolean ends)
      throws IOException {
    bodyBytes.add(length);
    for (int from = 0; from < length || (from == 0 && ends); ) {
      while (Math.min(window, streamWindow) <= 0) {
        control(frame());
      }
      int next = (int) Math.min(Math.min(window, streamWindow), Math.min(most, length - from));
      boolean end = ends && from + next == length;
      stream.frame(Http2Stream.DATA, end ? Http2Stream.END_STREAM : 0, last, body, from, next);
      window -= next;
      streamWindow -= next;
      from += Math.max(next, 1);
    }
  }

  private static void expect(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new EOFException("expected " + what);
    }
  }
}
