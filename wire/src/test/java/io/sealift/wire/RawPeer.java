package io.sealift.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/// A client that sends what it likes and reads whole frames.
final class RawPeer implements AutoCloseable {

  private final SocketChannel channel;
  private final FrameChannel frames;

  RawPeer(SocketChannel channel) {
    this.channel = channel;
    frames = new FrameChannel(channel);
  }

  static RawPeer connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new RawPeer(channel);
  }

  static byte[] header(int length, int stream, int type, int flags) {
    return ByteBuffer.allocate(Frame.HEADER_BYTES)
        .putInt(length)
        .putInt(stream)
        .put((byte) type)
        .put((byte) flags)
        .array();
  }

  RawPeer send(byte[] bytes) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    while (all.hasRemaining()) {
      channel.write(all);
    }
    return this;
  }

  RawPeer frame(int stream, int type, int flags, byte[] data) throws IOException {
    return send(header(data.length, stream, type, flags)).send(data);
  }

  RawPeer request(int stream, String service, String method, String payload) throws IOException {
    return frame(
        stream,
        Frame.REQUEST,
        0,
        new Request(service, method, payload.getBytes(UTF_8), 0, List.of()).encode());
  }

  /// Waits for a frame of whatever kind.
  void next() throws IOException {
    if (frames.read() == null) {
      throw new IOException("the connection ended");
    }
  }

  /// The next answer as `STREAM CODE MESSAGE-OR-PAYLOAD`; `end` when the connection ended.
  String answer() throws IOException, ProtoException {
    return switch (frames.read()) {
      case null -> "end";
      case Inbound.TooLarge large -> "too large " + large.length();
      case Frame frame -> {
        Response response = Response.decode(frame.data());
        yield "%s %s %s"
            .formatted(
                Integer.toUnsignedString(frame.stream()),
                response.code(),
                response.code() == Code.OK
                    ? new String(response.payload(), UTF_8)
                    : response.message());
      }
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
