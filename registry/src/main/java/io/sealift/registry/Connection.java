package io.sealift.registry;

import static java.net.StandardProtocolFamily.UNIX;

import io.sealift.registry.proxy.Proxy;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One connection to a server, for one request after the other: from the constructor until {@link
/// #abort}. Used by one thread at a time; aborting it from any thread ends a read that waits, and
/// so do interrupting the reader and the {@link Watchdog}.
final class Connection implements Watchdog.Watched {

  /// Bytes of the buffer for heads and what comes along with them; a record of TLS fits.
  private static final int BUFFER_BYTES = 16 * 1024;

  /// Bytes a second under which a body is given up: slower is an attack or as good as one.
  private static final int MIN_RATE = 1024;

  private static final long NEVER = Long.MAX_VALUE;

  private final Endpoint endpoint;
  private final HttpVersion version;
  private final Protocol protocol;
  private final Timeouts timeouts;
  private final Watchdog watchdog;
  private final LongAdder all;
  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
  private final long epoch = System.nanoTime();
  private @Nullable SSLSocket secured;

  /// That of whoever is at the other end of what is secured.
  private @Nullable Handshake handshake;

  /// Nanoseconds after {@link #epoch}.
  private volatile long deadline = NEVER;

  private volatile boolean expired;
  private volatile Turns.@Nullable Turn turn;
  private long waitedNanos;
  private long received;

  /// @param family of the addresses that it may connect to
  /// @param all counts the bytes that come
  Connection(
      Endpoint endpoint,
      HttpVersion version,
      ProtocolFamily family,
      Timeouts timeouts,
      Watchdog watchdog,
      LongAdder all)
      throws IOException {
    this.endpoint = endpoint;
    this.version = version;
    this.protocol = version.over(this);
    this.timeouts = timeouts;
    this.watchdog = watchdog;
    this.all = all;
    this.channel = family == UNIX ? SocketChannel.open(UNIX) : SocketChannel.open();
    watchdog.watch(this);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /// What is spoken over it when it is connected.
  Protocol protocol() {
    return protocol;
  }

  /// Connects, through a proxy where there is one and with TLS where the endpoint says so; aborts
  /// when that fails.
  ///
  /// @param address of the proxy, or else of the server
  void connect(SocketAddress address, Trust trust, @Nullable Proxy proxy) throws IOException {
    try {
      deadlineIn(timeouts.connect().toNanos());
      channel.connect(address);
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      if (proxy != null) {
        reach(proxy, trust);
      }
      if (endpoint.tls()) {
        secure(trust, endpoint, endpoint.toString(), version);
      }
    } catch (IOException failed) {
      abort();
      throw explained(failed);
    } finally {
      deadline = NEVER;
    }
  }

  private void reach(Proxy proxy, Trust trust) throws IOException {
    if (proxy.tls()) {
      Endpoint server = new Endpoint(true, proxy.host(), proxy.port());
      secure(trust, server, "the proxy " + proxy, HttpVersion.HTTP_1_1);
    }
    if (endpoint.tls()) {
      Tunnel.open(this, proxy, endpoint);
    }
  }

  private void secure(Trust trust, Endpoint server, String name, HttpVersion version)
      throws IOException {
    secured = trust.secure(secured == null ? channel.socket() : secured, server, name, version);
    handshake = trust.handshake(server, name);
  }

  /// Sends a request, which may hold a password and is overwritten afterwards.
  void send(byte[] request) throws IOException {
    received = 0;
    waitedNanos = 0;
    try {
      deadlineIn(timeouts.read().toNanos());
      write(request);
    } catch (IOException failed) {
      throw explained(lastWord(failed));
    } finally {
      deadline = NEVER;
      Arrays.fill(request, (byte) 0);
    }
  }

  /// Sends something that belongs to no request, in the midst of an answer.
  void say(byte[] bytes) throws IOException {
    long before = deadline;
    try {
      if (before == NEVER) {
        deadlineIn(timeouts.read().toNanos());
      }
      write(bytes);
    } catch (IOException failed) {
      throw explained(failed);
    } finally {
      deadline = before;
    }
  }

  /// Why a server does not listen any more, when it said so before it went away: since TLS 1.3 it
  /// looks at our certificate when we believe to be connected.
  private IOException lastWord(IOException failed) {
    if (secured == null || expired) {
      return failed;
    }
    try {
      secured.getInputStream().read();
      return failed;
    } catch (SSLException said) {
      return Handshake.isAboutUs(said) ? said : failed;
    } catch (IOException nothing) {
      return failed;
    }
  }

  /// Within the deadline that holds.
  void write(byte[] bytes) throws IOException {
    if (secured != null) {
      secured.getOutputStream().write(bytes);
    } else {
      for (ByteBuffer all = ByteBuffer.wrap(bytes); all.hasRemaining(); ) {
        channel.write(all);
      }
    }
  }

  /// Whether anything came since the last request.
  boolean answered() {
    return received > 0;
  }

  /// Whether nothing that is spoken was agreed on with TLS, so that the server may speak another
  /// version of HTTP alone.
  boolean agreesToNothing() {
    return endpoint.tls() && secured != null && secured.getApplicationProtocol().isEmpty();
  }

  /// Whether bytes came that nobody asked for.
  boolean hasLeftovers() {
    return buffer.hasRemaining();
  }

  /// A head begins: until {@link #endHead} the server has the time of one read, however many reads
  /// there are.
  void beginHead() {
    deadlineIn(timeouts.read().toNanos());
  }

  void endHead() {
    deadline = NEVER;
  }

  /// The next byte, which stays; -1 when the server closed the connection.
  int peek() throws IOException {
    return buffer.hasRemaining() || fill() >= 0 ? buffer.get(buffer.position()) & 0xff : -1;
  }

  /// A line without its end (CR LF, or LF alone).
  ///
  /// @throws ProtocolException when it has more than `maxBytes`
  String line(int maxBytes) throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      if (!buffer.hasRemaining() && fill() < 0) {
        throw new EOFException("the server closed the connection");
      }
      byte next = buffer.get();
      if (next == '\n') {
        int length = line.length();
        boolean carriage = length > 0 && line.charAt(length - 1) == '\r';
        return line.substring(0, carriage ? length - 1 : length);
      }
      if (line.length() == maxBytes) {
        throw new ProtocolException("a line of more than " + maxBytes + " bytes");
      }
      line.append((char) (next & 0xff));
    }
  }

  private int fill() throws IOException {
    buffer.clear();
    try {
      return timed(buffer);
    } finally {
      buffer.flip();
    }
  }

  /// Puts at most `atMost` bytes of what follows into the buffer, at least one. Over plain HTTP
  /// they come straight from the socket.
  ///
  /// @return -1 when the server closed the connection
  int read(ByteBuffer into, long atMost) throws IOException {
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + Math.min(atMost, into.remaining())));
    try {
      if (!buffer.hasRemaining() && secured == null) {
        return timed(into);
      }
      if (!buffer.hasRemaining() && fill() < 0) {
        return -1;
      }
      int count = Math.min(buffer.remaining(), into.remaining());
      into.put(into.position(), buffer, buffer.position(), count);
      into.position(into.position() + count);
      buffer.position(buffer.position() + count);
      return count;
    } finally {
      into.limit(limit);
    }
  }

  /// Reads within the deadline of the head, or else its own, and gives up on a server that only
  /// pretends to send.
  private int timed(ByteBuffer into) throws IOException {
    refuseCrawling();
    long began = System.nanoTime();
    boolean ofItsOwn = deadline == NEVER;
    if (ofItsOwn) {
      deadlineIn(timeouts.read().toNanos());
    }
    try {
      int count = secured == null ? channel.read(into) : decrypted(secured, into);
      received += Math.max(count, 0);
      all.add(Math.max(count, 0));
      return count;
    } catch (IOException failed) {
      throw explained(failed);
    } finally {
      if (ofItsOwn) {
        deadline = NEVER;
      }
      waitedNanos += System.nanoTime() - began;
    }
  }

  private static int decrypted(SSLSocket secured, ByteBuffer into) throws IOException {
    InputStream in = secured.getInputStream();
    int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
    into.position(into.position() + Math.max(count, 0));
    return count;
  }

  /// Twice the time-out of a read was spent on waiting, and next to nothing came.
  private void refuseCrawling() throws StalledException {
    if (waitedNanos < 2 * timeouts.read().toNanos()) {
      return;
    }
    if (received < MIN_RATE * (waitedNanos / 1e9)) {
      throw new StalledException("fewer than " + MIN_RATE + " bytes a second came");
    }
    waitedNanos = 0;
    received = 1;
  }

  private void deadlineIn(long nanos) {
    deadline = System.nanoTime() - epoch + nanos;
  }

  @Override
  public void abortIfLate() {
    if (System.nanoTime() - epoch > deadline) {
      expired = true;
      abort();
    }
  }

  /// What an input or output error really means.
  private IOException explained(IOException failed) {
    if (expired) {
      StalledException stalled = new StalledException("timed out");
      stalled.initCause(failed);
      return stalled;
    }
    if (Thread.currentThread().isInterrupted()) {
      InterruptedIOException interrupted = new InterruptedIOException("cancelled");
      interrupted.initCause(failed);
      return interrupted;
    }
    if (failed instanceof SSLException refused
        && handshake != null
        && Handshake.isAboutUs(refused)) {
      return handshake.aboutUs(refused);
    }
    return failed;
  }

  /// From now on it is spoken over; until {@link #rest} or {@link #abort}.
  void hold(Turns.Turn value) {
    turn = value;
  }

  /// It waits for its next request.
  void rest() {
    Turns.Turn over = turn;
    if (over != null) {
      over.close();
    }
  }

  /// Ends the connection at once; a read that waits throws.
  @Override
  public void abort() {
    watchdog.forget(this);
    rest();
    try {
      channel.close();
    } catch (IOException nothingToLose) {
      // What was read is proved by its digest; nothing was written that a server would miss.
      System.getLogger(Connection.class.getName())
          .log(System.Logger.Level.DEBUG, "close: {0}", nothingToLose.getMessage());
    }
  }
}
