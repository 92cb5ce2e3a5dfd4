package io.sealift.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Accepts connections, each on a virtual thread of its own, from the constructor until {@link
/// #close}, which ends them all. Thread-safe.
public final class Acceptor implements AutoCloseable {

  private final ServerSocket listening;
  private final Consumer<Socket> serve;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// @param listening bound; becomes this object's own
  /// @param name of the thread that accepts
  /// @param serve closes the socket
  public Acceptor(ServerSocket listening, String name, Consumer<Socket> serve) {
    this.listening = listening;
    this.serve = serve;
    Thread.ofVirtual().name(name).start(this::accept);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serveOnce(socket));
      } catch (IOException ended) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(ended);
        }
      }
    }
  }

  private void serveOnce(Socket socket) {
    try {
      serve.accept(socket);
    } finally {
      open.remove(socket);
    }
  }

  /// Another connection that ends with this at the latest.
  void keep(Socket socket) {
    open.add(socket);
  }

  /// Where it listens.
  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
