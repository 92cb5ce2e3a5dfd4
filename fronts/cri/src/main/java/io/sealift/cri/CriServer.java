package io.sealift.cri;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.sealift.failure.StoreException;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Answers gRPC on a socket that is listened on already, from {@link #start} until {@link #close}.
/// Each call has a virtual thread of its own; one thread moves all bytes.
final class CriServer implements AutoCloseable {

  /// Bytes of a request. A pod's labels and annotations are the longest part of any; they have 256
  /// KiB.
  private static final int MAX_REQUEST_BYTES = 4 << 20;

  /// Calls of one connection at a time; kubelets and crictl have a few.
  private static final int MAX_CALLS = 1024;

  /// How often a client may ask whether anybody is there.
  private static final int KEEP_ALIVE_SECONDS = 10;

  private final Server server;
  private final EventLoopGroup threads;
  private final ExecutorService calls;

  private CriServer(Server server, EventLoopGroup threads, ExecutorService calls) {
    this.server = server;
    this.threads = threads;
    this.calls = calls;
  }

  /// Begins to answer.
  ///
  /// @param socket stays the caller's to close, after this is closed
  static CriServer start(ServerSocketChannel socket, List<ServerServiceDefinition> services)
      throws StoreException {
    EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ExecutorService calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call").factory());
    try {
      Server server =
          NettyServerBuilder.forAddress(socket.getLocalAddress())
              .channelFactory(() -> new ListeningChannel(socket))
              .bossEventLoopGroup(threads)
              .workerEventLoopGroup(threads)
              .withChildOption(ChannelOption.SO_KEEPALIVE, null) // Unix sockets have none
              .executor(calls)
              .maxInboundMessageSize(MAX_REQUEST_BYTES)
              .maxConcurrentCallsPerConnection(MAX_CALLS)
              .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .addServices(services)
              .build()
              .start();
      return new CriServer(server, threads, calls);
    } catch (IOException failed) {
      end(threads);
      calls.close();
      throw new StoreException("serve: %s".formatted(failed), failed);
    }
  }

  /// Lets no further call begin; those that go on go on.
  void drain() {
    server.shutdown();
  }

  /// Breaks off what still goes on, and ends.
  @Override
  public void close() {
    server.shutdownNow();
    calls.close();
    end(threads);
  }

  private static void end(EventLoopGroup threads) {
    Future<?> ended = threads.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    boolean _ = ended.awaitUninterruptibly(Long.MAX_VALUE);
  }
}
