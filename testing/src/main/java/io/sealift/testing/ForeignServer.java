package io.sealift.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// A server that others made, as a process of its own: from {@link #start}, which returns once it
/// accepts connections, until {@link #close}, which kills it and what it started. Killed, because a
/// server that is asked to end may miss that.
///
/// ```java
/// int port = ForeignServer.freePort();
/// … write its settings with that port
/// try (ForeignServer server = ForeignServer.start("127.0.0.1", port, log, List.of("nginx", …))) {
/// ```
public final class ForeignServer implements AutoCloseable {

  /// Ports that no system gives to the near end of a connection by itself: whoever tries to connect
  /// to one of these before the server listens is never connected to himself.
  private static final int FIRST_PORT = 10_000;

  private static final int LAST_PORT = 32_000;

  /// Milliseconds between two looks at a server that begins.
  private static final int LOOK = 5;

  private final Process process;
  private final InetSocketAddress address;
  private final Path log;

  private ForeignServer(Process process, InetSocketAddress address, Path log) {
    this.process = process;
    this.address = address;
    this.log = log;
  }

  /// A port of the loopback that nobody listens on.
  public static int freePort() {
    int port;
    do {
      port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1);
    } while (!isFree(port));
    return port;
  }

  /// What is written as address and port.
  static InetSocketAddress addressOf(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        InetAddress.ofLiteral(text.substring(0, colon)),
        Integer.parseInt(text.substring(colon + 1)));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /// Starts a program and waits until it accepts connections.
  ///
  /// @param host an address that it will listen on
  /// @param port likewise, from {@link #freePort}
  /// @param log a file for what it says
  /// @throws IllegalStateException with what it said, when it ends instead
  public static ForeignServer start(String host, int port, Path log, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ForeignServer server =
        new ForeignServer(process, new InetSocketAddress(InetAddress.ofLiteral(host), port), log);
    try {
      server.awaitConnection(command);
      return server;
    } catch (IllegalStateException | InterruptedException failed) {
      server.close();
      throw failed;
    }
  }

  private void awaitConnection(List<String> command) throws InterruptedException {
    while (!accepts()) {
      if (process.waitFor(LOOK, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "%s ended with status %d and said: %s".formatted(command, process.exitValue(), said()));
      }
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return socket.getLocalPort() != address.getPort();
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Host and port.
  public String address() {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /// What it said so far.
  public String said() {
    try {
      return Files.readString(log);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
