package io.sealift.kata;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The agent's end of the socket, written from the protocol's text alone (containerd ttrpc,
/// PROTOCOL.md; protobuf encoding) so that it shares no mistake with the server: frames and
/// messages are put together byte by byte here. For one thread.
final class TestAgent implements AutoCloseable {

  static final String PULL_SERVICE = "api.ImagePullService";
  static final String PULL = "PullImage";

  private static final int REQUEST = 1;
  private static final int RESPONSE = 2;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final Map<Integer, Reply> early = new HashMap<>();
  private int nextStream = 1;

  private TestAgent(SocketChannel channel) {
    this.channel = channel;
    in = new DataInputStream(Channels.newInputStream(channel));
  }

  static TestAgent connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException failed) {
      channel.close();
      throw failed;
    }
    return new TestAgent(channel);
  }

  /// An answer.
  @SuppressWarnings("ArrayRecordComponent")
  record Reply(int code, String message, byte[] payload) {

    /// The digest that a pull was answered with.
    String digest() {
      Fields fields = new Fields(payload);
      return new String(fields.bytes.getOrDefault(1, new byte[0]), UTF_8);
    }

    @Override
    public String toString() {
      return code == 0 ? "0" : code + " " + message;
    }
  }

  /// Asks for an image and waits.
  Reply pull(String image, Path bundle) throws IOException {
    return answer(sendPull(image, bundle, 0));
  }

  /// Asks for an image.
  ///
  /// @return the stream of the call
  int sendPull(String image, Path bundle, long timeoutNanos) throws IOException {
    byte[] message = new Writer().text(1, image).text(2, bundle.toString()).done();
    return send(PULL_SERVICE, PULL, message, timeoutNanos);
  }

  Reply call(String service, String method, byte[] payload) throws IOException {
    return answer(send(service, method, payload, 0));
  }

  int send(String service, String method, byte[] payload, long timeoutNanos) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(stream, REQUEST, 0, request(service, method, payload, timeoutNanos));
    return stream;
  }

  static byte[] request(String service, String method, byte[] payload, long timeoutNanos) {
    Writer writer = new Writer().text(1, service).text(2, method).bytes(3, payload);
    return (timeoutNanos == 0 ? writer : writer.number(4, timeoutNanos)).done();
  }

  void frame(int stream, int type, int flags, byte[] data) throws IOException {
    raw(header(data.length, stream, type, flags));
    raw(data);
  }

  static byte[] header(int length, int stream, int type, int flags) {
    byte[] header = new byte[10];
    for (int i = 0; i < 4; i++) {
      header[i] = (byte) (length >>> (24 - 8 * i));
      header[4 + i] = (byte) (stream >>> (24 - 8 * i));
    }
    header[8] = (byte) type;
    header[9] = (byte) flags;
    return header;
  }

  /// Sends bytes as they are.
  void raw(byte[] bytes) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      channel.write(all);
    }
  }

  /// The answer on a stream, whenever it comes.
  Reply answer(int stream) throws IOException {
    Reply found = early.remove(stream);
    while (found == null) {
      int length = in.readInt();
      int answered = in.readInt();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      byte[] data = in.readNBytes(length);
      if (type != RESPONSE || flags != 0 || data.length != length) {
        throw new IOException("no response: type %d, flags %d".formatted(type, flags));
      }
      Reply reply = reply(data);
      if (answered == stream) {
        found = reply;
      } else {
        early.put(answered, reply);
      }
    }
    return found;
  }

  private static Reply reply(byte[] data) {
    Fields response = new Fields(data);
    Fields status = new Fields(response.bytes.getOrDefault(1, new byte[0]));
    return new Reply(
        status.numbers.getOrDefault(1, 0L).intValue(),
        new String(status.bytes.getOrDefault(2, new byte[0]), UTF_8),
        response.bytes.getOrDefault(2, new byte[0]));
  }

  /// Whether the server ended the connection instead of sending anything.
  boolean isEnded() {
    try {
      in.readUnsignedByte();
      return false;
    } catch (EOFException ended) {
      return true;
    } catch (IOException reset) {
      return true;
    }
  }

  /// Says that nothing more comes, and waits until the server has ended the connection.
  void finish() throws IOException {
    channel.shutdownOutput();
    long _ = in.transferTo(OutputStream.nullOutputStream());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// Fields of a message put together.
  static final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer text(int field, String value) {
      return bytes(field, value.getBytes(UTF_8));
    }

    Writer bytes(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Writer number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    byte[] done() {
      return out.toByteArray();
    }
  }

  /// Fields of a message taken apart; of a repeated one the last counts.
  private static final class Fields {

    final Map<Integer, byte[]> bytes = new HashMap<>();
    final Map<Integer, Long> numbers = new HashMap<>();
    private final ByteBuffer message;

    Fields(byte[] message) {
      this.message = ByteBuffer.wrap(message);
      while (this.message.hasRemaining()) {
        long tag = varint();
        int field = (int) (tag >>> 3);
        switch ((int) (tag & 7)) {
          case 0 -> numbers.put(field, varint());
          case 2 -> {
            byte[] value = new byte[(int) varint()];
            this.message.get(value);
            bytes.put(field, value);
          }
          default -> throw new IllegalStateException("unexpected wire type in tag " + tag);
        }
      }
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = message.get();
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}
