package io.sealift.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Frames over one connection, from the constructor until {@link #close}. One thread reads, one
/// writes; any may close, which ends both.
final class FrameChannel implements AutoCloseable {

  /// Bytes that are moved at once. Buffers of secrets are overwritten as they are emptied.
  private static final int BUFFER_BYTES = 64 * 1024;

  /// Length of a frame beyond the bound that is passed over rather than the end of the connection:
  /// the protocol leaves the first byte of lengths 0.
  private static final int MAX_PASSED_OVER = 0xff_ffff;

  private static final byte[] ZEROS = new byte[BUFFER_BYTES];

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /// When the frame that is being read, or written, began (System.nanoTime); 0 for none.
  private volatile long readingSince;

  private volatile long writingSince;

  FrameChannel(SocketChannel channel) {
    this.channel = channel;
  }

  /// Whether a frame was begun that long ago and is still not whole.
  boolean isStuck(long nanos, long now) {
    return isOlder(readingSince, nanos, now) || isOlder(writingSince, nanos, now);
  }

  private static boolean isOlder(long since, long nanos, long now) {
    return since != 0 && now - since > nanos;
  }

  private static long now() {
    long now = System.nanoTime();
    return now == 0 ? 1 : now;
  }

  /// The next frame; null when the connection ended between two.
  ///
  /// @throws ProtocolException when there is no next frame to be found after this
  @Nullable Inbound read() throws IOException {
    byte[] head = new byte[Frame.HEADER_BYTES];
    if (!in.hasRemaining() && !fill()) {
      return null;
    }
    readingSince = now();
    readFully(head, 0, head.length);
    ByteBuffer header = ByteBuffer.wrap(head);
    int length = header.getInt();
    int stream = header.getInt();
    byte type = header.get();
    byte flags = header.get();
    Inbound frame;
    if (length >= 0 && length <= Frame.MAX_DATA) {
      frame = new Frame(stream, type, flags, data(length));
    } else if (length > 0 && length <= MAX_PASSED_OVER) {
      passOver(length);
      frame = new Inbound.TooLarge(stream, type, length);
    } else {
      throw new ProtocolException(
          "a frame of %d bytes, more than the %d allowed"
              .formatted(Integer.toUnsignedLong(length), Frame.MAX_DATA));
    }
    readingSince = 0;
    return frame;
  }

  /// Grows with what really comes, so that a length alone costs nothing.
  private byte[] data(int length) throws IOException {
    byte[] data = new byte[Math.min(length, BUFFER_BYTES)];
    int have = 0;
    while (true) {
      readFully(data, have, data.length - have);
      have = data.length;
      if (have == length) {
        return data;
      }
      byte[] small = data;
      data = Arrays.copyOf(small, (int) Math.min(length, 2L * have));
      Arrays.fill(small, (byte) 0);
    }
  }

  private void passOver(int length) throws IOException {
    byte[] scrap = new byte[BUFFER_BYTES];
    for (int left = length; left > 0; left -= Math.min(left, scrap.length)) {
      readFully(scrap, 0, Math.min(left, scrap.length));
    }
  }

  private void readFully(byte[] into, int offset, int length) throws IOException {
    int have = 0;
    while (have < length) {
      if (!in.hasRemaining() && !fill()) {
        throw new EOFException("the connection ended within a frame");
      }
      int at = in.position();
      int count = Math.min(length - have, in.remaining());
      in.get(into, offset + have, count);
      in.put(at, ZEROS, 0, count);
      have += count;
    }
  }

  private boolean fill() throws IOException {
    in.clear();
    try {
      return channel.read(in) >= 0;
    } finally {
      in.flip();
    }
  }

  /// Sends a frame whole and overwrites its data.
  void write(Frame frame) throws IOException {
    writingSince = now();
    byte[] data = frame.data();
    try {
      out.clear();
      out.putInt(data.length).putInt(frame.stream()).put(frame.type()).put(frame.flags());
      for (int at = 0; at < data.length || out.position() > 0; ) {
        int count = Math.min(data.length - at, out.remaining());
        out.put(data, at, count).flip();
        at += count;
        while (out.hasRemaining()) {
          channel.write(out);
        }
        out.put(0, ZEROS, 0, out.limit()).clear();
      }
    } finally {
      Arrays.fill(data, (byte) 0);
      writingSince = 0;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
