package io.sealift.cri;

import io.grpc.netty.shaded.io.netty.channel.ChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.ChannelMetadata;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundBuffer;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelConfig;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.AbstractNioMessageChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoOps;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Unix socket that is listened on already, as Netty accepts connections from one. It stays open
/// when this is closed: whoever made it closes it. Netty's own channel binds and closes for itself.
final class ListeningChannel extends AbstractNioMessageChannel implements ServerChannel {

  /// Connections that are accepted in one go.
  private static final int CONNECTIONS_PER_READ = 16;

  private static final ChannelMetadata METADATA = new ChannelMetadata(false, CONNECTIONS_PER_READ);

  private final ServerSocketChannel socket;
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private volatile boolean closed;

  ListeningChannel(ServerSocketChannel socket) {
    super(null, socket, NioIoOps.ACCEPT);
    this.socket = socket;
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  @Override
  public boolean isOpen() {
    return !closed && super.isOpen();
  }

  @Override
  public boolean isActive() {
    return isOpen();
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws IOException {
    SocketChannel connection = socket.accept();
    if (connection == null) {
      return 0;
    }
    accepted.add(new NioDomainSocketChannel(this, connection));
    return 1;
  }

  @Override
  protected @Nullable SocketAddress localAddress0() {
    try {
      return socket.getLocalAddress();
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }

  @Override
  protected @Nullable SocketAddress remoteAddress0() {
    return null;
  }

  @Override
  protected void doBind(SocketAddress address) {}

  @Override
  protected void doClose() {
    closed = true;
  }

  @Override
  protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doFinishConnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void doDisconnect() {
    throw new UnsupportedOperationException();
  }

  @Override
  protected boolean doWriteMessage(Object message, ChannelOutboundBuffer in) {
    throw new UnsupportedOperationException();
  }
}
