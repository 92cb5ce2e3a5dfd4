package io.sealift.simple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/// The registry of Docker, distribution, on a free port of 127.0.0.1 until {@link #close}.
final class DockerRegistry implements AutoCloseable {

  private final int port;
  private final Process daemon;

  /// @param scratch where it keeps everything
  DockerRegistry(Path scratch) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    Path settings =
        Files.writeString(
            scratch.resolve("registry.yml"),
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "%s"}
            """
                .formatted(scratch.resolve("registry"), address()));
    Path log = scratch.resolve("registry.log");
    this.daemon =
        new ProcessBuilder("docker-registry", "serve", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (!answers()) {
      if (!daemon.isAlive()) {
        throw new IllegalStateException(Files.readString(log));
      }
      Thread.onSpinWait();
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public void close() {
    daemon.destroy();
    daemon.onExit().join();
  }
}
