package io.sealift.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// A server that is far away: passes TCP connections on to one that is not, late and no faster than
/// it was told; from the constructor until {@link #close}. Thread-safe.
///
/// A connection takes a round trip before it carries anything, as over a network. What a network
/// also does, and this does not: it begins slowly, and it loses packets.
public final class DistantRelay implements AutoCloseable {

  /// Bytes that are passed on at once; at 1 Gbit/s they take half a millisecond.
  private static final int BLOCK_BYTES = 64 * 1024;

  /// Bytes that may be on the way of one connection, each way (16 MiB): what 1 Gbit/s brings in 130
  /// milliseconds.
  private static final long MAX_ON_THE_WAY = 16 << 20;

  private final Acceptor acceptor;
  private final InetSocketAddress target;
  private final Distance distance;
  private final Link all;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger roundTrips = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /// How far away something is.
  ///
  /// @param eachWay how long everything takes to the server, and from it
  /// @param streamBytes bytes a second that come over each connection; 0 for as many as there are
  /// @param allBytes bytes a second that come over all of them together; 0 for as many as there are
  public record Distance(Duration eachWay, long streamBytes, long allBytes) {

    public Distance {
      if (eachWay.isNegative() || streamBytes < 0 || allBytes < 0) {
        throw new IllegalArgumentException("no distance: " + eachWay);
      }
    }
  }

  /// @param target host and port of the server
  public DistantRelay(String target, Distance distance) {
    this.target = ForeignServer.addressOf(target);
    this.distance = distance;
    this.all = new Link(distance.allBytes());
    try {
      ServerSocket listening = new ServerSocket();
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      acceptor = new Acceptor(listening, "distant relay", this::serve);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Relays until it is killed: `HOST:PORT MILLISECONDS STREAM-BYTES ALL-BYTES`. Says where.
  public static void main(String[] arguments) throws InterruptedException {
    Distance distance =
        new Distance(
            Duration.ofMillis(Long.parseLong(arguments[1])),
            Long.parseLong(arguments[2]),
            Long.parseLong(arguments[3]));
    try (DistantRelay relay = new DistantRelay(arguments[0], distance)) {
      System.out.println(relay.address());
      new CountDownLatch(1).await();
    }
  }

  /// Host and port.
  public String address() {
    return "127.0.0.1:" + acceptor.port();
  }

  /// Connections that were made so far.
  public int connections() {
    return connections.get();
  }

  /// How often a client said something after the server had, each connection's first words and its
  /// making included.
  public int roundTrips() {
    return roundTrips.get();
  }

  /// Bytes that the server sent so far.
  public long bytes() {
    return bytes.get();
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket()) {
      server.connect(target);
      acceptor.keep(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      connections.incrementAndGet();
      roundTrips.incrementAndGet();
      AtomicInteger heard = new AtomicInteger(1);
      Way there = new Way(client, server, new Link(0), new Link(0), handshake());
      Way back = new Way(server, client, new Link(distance.streamBytes()), all, Duration.ZERO);
      Thread sending =
          Thread.ofPlatform()
              .daemon()
              .start(() -> there.pass(_ -> roundTrips.addAndGet(heard.getAndSet(0))));
      back.pass(count -> {
        bytes.addAndGet(count);
        heard.set(1);
      });
      sending.join();
    } catch (IOException | InterruptedException somebodyWentAway) {
      // What the two do is for the test to judge.
      return;
    }
  }

  /// The first words of a client wait for the connection to be made.
  private Duration handshake() {
    return distance.eachWay().multipliedBy(2);
  }

  @Override
  public void close() {
    acceptor.close();
  }

  /// One direction of one connection: a thread that reads, as fast as the links let it, and one
  /// that writes when it is time.
  private final class Way {

    private final Socket from;
    private final Socket to;
    private final Link own;
    private final Link shared;
    private final long delay = distance.eachWay().toNanos();
    private final Deque<Block> blocks = new ArrayDeque<>();
    private final long first;
    private long onTheWay;

    Way(Socket from, Socket to, Link own, Link shared, Duration first) {
      this.from = from;
      this.to = to;
      this.own = own;
      this.shared = shared;
      this.first = System.nanoTime() + first.toNanos();
    }

    /// Until one of them ends it.
    void pass(IntConsumer heard) {
      Thread writing = Thread.ofPlatform().daemon().start(this::write);
      try {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[BLOCK_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          heard.accept(count);
          long departs = Math.max(own.departs(count), shared.departs(count));
          awaitTime(departs);
          put(new Block(Arrays.copyOf(buffer, count), Math.max(departs, first) + delay));
        }
        put(new Block(new byte[0], System.nanoTime() + delay));
        writing.join();
      } catch (IOException | InterruptedException somebodyWentAway) {
        abort();
      }
    }

    private synchronized void put(Block block) throws InterruptedException {
      while (onTheWay > MAX_ON_THE_WAY) {
        wait();
      }
      onTheWay += block.bytes.length;
      blocks.add(block);
      notifyAll();
    }

    private synchronized Block take() throws InterruptedException {
      while (blocks.isEmpty()) {
        wait();
      }
      Block block = blocks.remove();
      onTheWay -= block.bytes.length;
      notifyAll();
      return block;
    }

    private void write() {
      try {
        OutputStream out = to.getOutputStream();
        for (Block block = take(); block.bytes.length > 0; block = take()) {
          awaitTime(block.due);
          out.write(block.bytes);
        }
        to.shutdownOutput();
      } catch (IOException | InterruptedException somebodyWentAway) {
        abort();
      }
    }

    /// What ends one end ends the other.
    private void abort() {
      try {
        from.close();
        to.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static void awaitTime(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /// Bytes that arrive together.
  ///
  /// @param due when, in nanoseconds of the system's steady clock
  @SuppressWarnings("ArrayRecordComponent")
  private record Block(byte[] bytes, long due) {}

  /// Something that carries so many bytes a second, one after the other. What it could not carry
  /// because this process was late, it carries sooner afterwards.
  private static final class Link {

    /// How late this process may be.
    private static final long LATE_NANOS = 5_000_000;

    private final long bytesPerSecond;
    private long free = System.nanoTime();

    Link(long bytesPerSecond) {
      this.bytesPerSecond = bytesPerSecond;
    }

    /// When the last of so many bytes is through.
    synchronized long departs(int bytes) {
      long now = System.nanoTime();
      if (bytesPerSecond == 0) {
        return now;
      }
      free = Math.max(free, now - LATE_NANOS) + bytes * 1_000_000_000L / bytesPerSecond;
      return free;
    }
  }
}
