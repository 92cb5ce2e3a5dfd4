package io.sealift.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sealift.failure.BadReferenceException;
import io.sealift.service.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers those who watch a daemon, over plain HTTP and without asking who they are, from {@link
/// #open} until {@link #close}:
///
/// | path | answer |
/// |---|---|
/// | `/metrics` | all metrics, for Prometheus |
/// | `/healthz` | 200 as long as the process can answer at all |
/// | `/readyz` | 200 when it may be given work, 503 with the reason otherwise |
public final class OperationsServer implements AutoCloseable {

  /// Bounds of the server in the Java platform, which are for all of a process and read when its
  /// first one is made: connections at a time, idle ones kept and for how many seconds, seconds
  /// that a request may take to arrive and an answer to leave, lines and bytes of a request's head.
  private static final Map<String, String> BOUNDS =
      Map.of(
          "jdk.httpserver.maxConnections", "64",
          "sun.net.httpserver.maxIdleConnections", "8",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.maxReqHeaders", "64",
          "sun.net.httpserver.maxReqHeaderSize", "16384");

  /// Connections that wait to be accepted.
  private static final int BACKLOG = 16;

  private static final String TEXT = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Metrics metrics;
  private final Readiness readiness;

  private OperationsServer(HttpServer server, Metrics metrics, Readiness readiness) {
    this.server = server;
    this.metrics = metrics;
    this.readiness = readiness;
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /// Begins to answer at this address.
  ///
  /// @throws BadReferenceException when nothing can listen there
  public static OperationsServer open(
      InetSocketAddress address, Metrics metrics, Readiness readiness)
      throws BadReferenceException {
    BOUNDS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    try {
      OperationsServer opened =
          new OperationsServer(HttpServer.create(address, BACKLOG), metrics, readiness);
      opened.server.setExecutor(opened.threads);
      opened.server.createContext("/", opened::answer);
      opened.server.start();
      return opened;
    } catch (IOException failed) {
      throw new BadReferenceException(
          "listen on %s:%d for metrics and health: %s"
              .formatted(
                  address.getAddress().getHostAddress(), address.getPort(), failed.getMessage()),
          failed);
    }
  }

  /// Where it listens: the port is the one that it has.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, TEXT, "expected GET or HEAD\n");
        return;
      }
      switch (exchange.getRequestURI().getRawPath()) {
        case "/metrics" -> send(exchange, 200, Metrics.CONTENT_TYPE, metrics.page());
        case "/healthz" -> send(exchange, 200, TEXT, "ok\n");
        case "/readyz" -> {
          String obstacle = readiness.obstacle().orElse("");
          send(
              exchange,
              obstacle.isEmpty() ? 200 : 503,
              TEXT,
              obstacle.isEmpty() ? "ready\n" : obstacle + "\n");
        }
        case null, default -> send(exchange, 404, TEXT, "expected /metrics, /healthz or /readyz\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  /// Ends at once, whoever is being answered.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
