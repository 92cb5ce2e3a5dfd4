package io.sealift.wire;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Answers ttrpc calls on a Unix socket, from {@link #listen} until {@link #close}, or {@link
/// #drain} before it. Calls are answered on threads of their own, as many at once as {@link
/// ServerLimits} allows.
public final class TtrpcServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TtrpcServer.class.getName());

  /// Checks within the time of one frame whether a peer is stuck.
  private static final int CHECKS = 4;

  /// Milliseconds before connections are accepted again when the machine had no descriptor left.
  private static final int ACCEPT_PAUSE_MS = 100;

  /// The bits of a file's mode that tell its type, and what sockets have there (inode(7)).
  private static final int TYPE_BITS = 0170000;

  private static final int SOCKET_TYPE = 0140000;

  private final Path socket;
  private final boolean ownsSocket;
  private final Services services;
  private final ServerLimits limits;
  private final ServerSocketChannel listening;
  private final Semaphore payloadBytes;
  private final Turnstile calls = new Turnstile();
  private final AtomicBoolean listens = new AtomicBoolean(true);
  private final ScheduledThreadPoolExecutor clock;
  private final ExecutorService threads;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();

  private TtrpcServer(
      Path socket,
      boolean ownsSocket,
      Services services,
      ServerLimits limits,
      ServerSocketChannel listening) {
    this.socket = socket;
    this.ownsSocket = ownsSocket;
    this.services = services;
    this.limits = limits;
    this.listening = listening;
    payloadBytes = new Semaphore(limits.payloadBytes());
    clock = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("ttrpc clock").factory());
    clock.setRemoveOnCancelPolicy(true);
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ttrpc server " + socket).factory());
  }

  /// Listens on a socket that only this user, and root, can open. Its directory is made when it is
  /// missing; the socket that a server left behind is replaced.
  ///
  /// @throws IOException when another server listens there, or the path holds something else
  public static TtrpcServer listen(Path socket, Services services, ServerLimits limits)
      throws IOException {
    Path path = socket.toAbsolutePath();
    Path directory = path.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    removeLeftover(path);
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listening.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException failed) {
      listening.close();
      throw new IOException("listen on %s: %s".formatted(path, failed.getMessage()), failed);
    }
    return start(new TtrpcServer(path, true, services, limits, listening));
  }

  /// Listens on a socket that somebody else made, such as the one that a process was started with.
  /// It stays open, and its file stays, when the server ends: who connects then waits for the next
  /// server.
  ///
  /// @param listening bound to a path
  /// @throws IOException when it is no Unix socket with a path
  public static TtrpcServer listen(
      ServerSocketChannel listening, Services services, ServerLimits limits) throws IOException {
    SocketAddress address = listening.getLocalAddress();
    if (address instanceof UnixDomainSocketAddress unix && !unix.getPath().toString().isEmpty()) {
      return start(new TtrpcServer(unix.getPath(), false, services, limits, listening));
    }
    throw new IOException(
        "listen on an inherited socket: expected a Unix socket with a path, found " + address);
  }

  private static TtrpcServer start(TtrpcServer server) {
    server.start();
    return server;
  }

  private static void removeLeftover(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobodyListens) {
      if (isSocket(path)) {
        Files.delete(path);
        return;
      }
      throw new FileAlreadyExistsException(
          "listen on %s: there is something that is no socket".formatted(path));
    }
    throw new IOException("listen on %s: another server does".formatted(path));
  }

  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & TYPE_BITS) == SOCKET_TYPE;
  }

  private void start() {
    threads.execute(this::accept);
    long period = Math.max(1, limits.frame().toNanos() / CHECKS);
    var _ = clock.scheduleAtFixedRate(this::closeStuck, period, period, TimeUnit.NANOSECONDS);
  }

  /// Where it listens.
  public Path socket() {
    return socket;
  }

  private void accept() {
    while (listens.get()) {
      try {
        serve(listening.accept());
      } catch (RejectedExecutionException closing) {
        return;
      } catch (IOException failed) {
        if (listens.get()) {
          LOG.log(System.Logger.Level.WARNING, "accept on " + socket, failed);
          pause();
        }
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(ACCEPT_PAUSE_MS);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel channel) throws IOException {
    if (connections.size() >= limits.connections()) {
      channel.close();
      LOG.log(
          System.Logger.Level.WARNING,
          "refuse a connection to {0}: {1} are open, as many as allowed",
          socket,
          limits.connections());
      return;
    }
    ServerConnection connection =
        new ServerConnection(
            new FrameChannel(channel), services, limits, payloadBytes, calls, clock);
    connections.add(connection);
    try {
      threads.execute(() -> {
        try {
          connection.serve();
        } finally {
          connections.remove(connection);
        }
      });
    } finally {
      if (!listens.get()) {
        // Closing may have gone through the connections before this one was there.
        connection.close();
      }
    }
  }

  private void closeStuck() {
    long now = System.nanoTime();
    connections.forEach(connection -> connection.closeIfStuck(limits.frame().toNanos(), now));
  }

  /// Takes no more connections, refuses further calls with {@link Code#UNAVAILABLE}, and waits for
  /// the answers that are due. Close the server afterwards in any case.
  ///
  /// @return whether all calls were answered in time
  public boolean drain(Duration patience) throws IOException, InterruptedException {
    endListening();
    return calls.shut(patience);
  }

  /// Once, and the file first: what is at its path later is another server's.
  private void endListening() throws IOException {
    if (!listens.compareAndSet(true, false)) {
      return;
    }
    if (ownsSocket) {
      try (listening) {
        Files.deleteIfExists(socket);
      }
    } else {
      wake();
    }
  }

  /// A thread that waits for a connection gets one. Where none can be made the socket is closed
  /// after all.
  private void wake() throws IOException {
    try (SocketChannel nobody = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      nobody.configureBlocking(false);
      boolean _ = nobody.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException unreachable) {
      listening.close();
    }
  }

  /// Closes the connections, interrupts the handlers, removes the socket, and returns when no
  /// thread of the server is left, nor anything that had to be undone.
  @Override
  public void close() throws IOException {
    try (threads;
        clock) {
      endListening();
      connections.forEach(ServerConnection::close);
      clock.shutdownNow();
      threads.shutdown();
    }
  }
}
