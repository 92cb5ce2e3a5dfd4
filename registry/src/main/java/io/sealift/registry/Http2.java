package io.sealift.registry;

import static io.sealift.registry.http2.FrameHead.CONTINUATION;
import static io.sealift.registry.http2.FrameHead.DATA;
import static io.sealift.registry.http2.FrameHead.END_HEADERS;
import static io.sealift.registry.http2.FrameHead.END_STREAM;
import static io.sealift.registry.http2.FrameHead.HEADERS;
import static io.sealift.registry.http2.FrameHead.PADDED;

import io.sealift.registry.http2.FrameHead;
import io.sealift.registry.http2.HeaderReader;
import io.sealift.registry.http2.HeaderWriter;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// HTTP/2 (RFC 9113), one request at a time: as many connections as with HTTP/1.1, no stream that
/// waits for another one, and no window but the connection's own, since what comes is read by
/// whoever asked for it and kept nowhere. No table of headers is allowed, and nothing is pushed.
final class Http2 implements Protocol {

  private final Connection connection;
  private final Http2Link link;

  /// Answers before the one that counts.
  private int provisional;

  Http2(Connection connection) {
    this.connection = connection;
    this.link = new Http2Link(connection);
  }

  @Override
  public Reply ask(Request request) throws IOException {
    ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    link.begin(beginning);
    writeHeaders(request, beginning);
    connection.send(beginning.toByteArray());
    provisional = 0;
    Answer answer = send(request.body());
    boolean whole = answer == null;
    connection.beginHead();
    while (answer == null) {
      answer = answer(link.nextOfStream());
    }
    connection.endHead();
    link.answered();
    Http2Head head = answer.head;
    return new Reply(head.status(), head.headers(), new ReadBody(answer, whole));
  }

  /// The head of an answer.
  ///
  /// @param ends whether nothing follows it
  private record Answer(Http2Head head, boolean ends) {}

  /// Reads the headers that a frame begins.
  ///
  /// @return null when they are a provisional answer
  private @Nullable Answer answer(FrameHead frame) throws IOException {
    if (frame.type() != HEADERS) {
      throw new ProtocolException("a body of HTTP/2 before its headers");
    }
    Http2Head head = new Http2Head();
    HeaderReader.read(link.block(frame), head);
    boolean ends = frame.has(END_STREAM);
    if (head.status() >= 200) {
      return new Answer(head, ends);
    }
    if (ends || ++provisional == MAX_PROVISIONAL) {
      throw new ProtocolException("nothing but provisional answers");
    }
    return null;
  }

  private void writeHeaders(Request request, ByteArrayOutputStream into) {
    HeaderWriter writer =
        new HeaderWriter()
            .add(":method", request.method())
            .add(":scheme", request.at().endpoint().tls() ? "https" : "http")
            .add(":authority", request.at().endpoint().authority())
            .add(":path", request.at().target());
    request.fields().forEach((name, value) -> writer.add(name.toLowerCase(Locale.ROOT), value));
    byte[] block = writer.block();
    int type = HEADERS;
    int from = 0;
    do {
      int length = Math.min(block.length - from, FrameHead.MAX_LENGTH);
      boolean last = from + length == block.length;
      int flags = last ? END_HEADERS : 0;
      if (type == HEADERS && request.body().length == 0) {
        flags |= END_STREAM;
      }
      into.writeBytes(link.frame(type, flags, Arrays.copyOfRange(block, from, from + length)));
      from += length;
      type = CONTINUATION;
    } while (from < block.length);
    Arrays.fill(block, (byte) 0);
  }

  /// Sends a body as the server takes it.
  ///
  /// @return the answer when it came before all of it was sent; null otherwise
  private @Nullable Answer send(byte[] body) throws IOException {
    for (int sent = 0; sent < body.length; ) {
      int length = link.reserve(Math.min(body.length - sent, FrameHead.MAX_LENGTH));
      if (length > 0) {
        int flags = sent + length == body.length ? END_STREAM : 0;
        connection.send(link.frame(DATA, flags, Arrays.copyOfRange(body, sent, sent + length)));
        sent += length;
        continue;
      }
      FrameHead frame = link.next();
      Answer answer = frame == null ? null : answer(frame);
      if (answer != null) {
        return answer;
      }
    }
    return null;
  }

  /// A body in frames.
  private final class ReadBody implements Body {

    private final boolean measured;
    private final boolean whole;

    /// Bytes that were announced and not begun yet; -1 when none were.
    private long remaining;

    private boolean over;

    /// Bytes of the frame at hand, and of its padding.
    private int ofFrame;

    private int padding;
    private boolean last;

    /// @param whole whether the request was sent whole
    ReadBody(Answer answer, boolean whole) throws IOException {
      Http2Head head = answer.head;
      String length = head.headers().get("content-length");
      boolean none = head.status() == 204 || head.status() == 304;
      this.measured = length != null;
      this.whole = whole;
      this.remaining = length == null ? -1 : none ? 0 : Http1.number(length, 10);
      if (answer.ends) {
        end();
      }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      while (ofFrame == 0 && !over) {
        next();
      }
      if (over) {
        return -1;
      }
      int count = connection.read(into, ofFrame);
      if (count < 0) {
        throw link.closed();
      }
      ofFrame -= count;
      over = last && ofFrame == 0 && padding == 0 && remaining <= 0;
      return count;
    }

    /// Reads on until there is something of the body, when somebody wants that: what came of it was
    /// given already.
    private void next() throws IOException {
      link.take(padding);
      padding = 0;
      if (last) {
        end();
        return;
      }
      FrameHead frame = link.nextOfStream();
      last = frame.has(END_STREAM);
      if (frame.type() == HEADERS) {
        link.block(frame); // trailers, in which nothing is of interest
        if (!last) {
          throw new ProtocolException("a body of HTTP/2 that goes on after its trailers");
        }
        return;
      }
      boolean padded = frame.has(PADDED);
      padding = padded && frame.length() > 0 ? link.take(1)[0] & 0xff : 0;
      ofFrame = frame.length() - padding - (padded ? 1 : 0);
      if (ofFrame < 0) {
        throw new ProtocolException("padding of HTTP/2 that is too large");
      }
      if (measured) {
        if (ofFrame > remaining) {
          throw new ProtocolException("more bytes than the length that was said");
        }
        remaining -= ofFrame;
      }
      link.count(ofFrame > 0);
      link.credit(frame.length(), last);
    }

    private void end() throws EOFException {
      over = true;
      if (remaining > 0) {
        throw new EOFException("the server ended an answer before its end");
      }
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public boolean leavesConnection() {
      return whole && link.goesOn();
    }

    @Override
    public boolean tellsItsEnd() {
      return true;
    }
  }
}
