package io.sealift.cri;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A client as kubelet's: one connection, plain text, messages by protobuf's own library; from
/// {@link #connect} until {@link #close}.
///
/// ```java
/// DynamicMessage answer = client.call("PullImage", "image { image: \"registry.example/app:v1\" }");
/// ```
final class CriClient implements AutoCloseable {

  /// What clients accept.
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel channel;

  private CriClient(Path socket) {
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(threads)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .usePlaintext()
            .build();
  }

  static CriClient connect(Path socket) {
    return new CriClient(socket);
  }

  /// The answer to a request.
  ///
  /// @param method by its name, of whichever service has it
  /// @param request as protobuf writes messages for people
  DynamicMessage call(String method, String request) {
    return call(method, request, CallOptions.DEFAULT);
  }

  DynamicMessage call(String method, String request, CallOptions options) {
    Method known = Method.named(method);
    return known.answer(
        ClientCalls.blockingUnaryCall(channel, known.grpc(), options, known.request(request)));
  }

  /// All answers of a stream.
  List<DynamicMessage> stream(String method, String request) {
    Method known = Method.named(method);
    List<DynamicMessage> answers = new ArrayList<>();
    ClientCalls.blockingServerStreamingCall(
            channel, known.grpc(), CallOptions.DEFAULT, known.request(request))
        .forEachRemaining(answer -> answers.add(known.answer(answer)));
    return answers;
  }

  /// The answer to whatever bytes.
  byte[] raw(String method, byte[] request) {
    return ClientCalls.blockingUnaryCall(
        channel, Method.named(method).grpc(), CallOptions.DEFAULT, request);
  }

  /// A call that can be given up.
  ClientCall<byte[], byte[]> begin(String method, CallOptions options) {
    return channel.newCall(Method.named(method).grpc(), options);
  }

  static byte[] request(String method, String text) {
    return Method.named(method).request(text);
  }

  private record Method(MethodDescriptor proto) {

    static Method named(String name) {
      for (ServiceDescriptor service : ProtoFile.CRI.getServices()) {
        MethodDescriptor found = service.findMethodByName(name);
        if (found != null) {
          return new Method(found);
        }
      }
      throw new IllegalArgumentException("no method " + name);
    }

    byte[] request(String text) {
      return ProtoFile.message(proto.getInputType().getName(), text).toByteArray();
    }

    DynamicMessage answer(byte[] bytes) {
      return ProtoFile.message(proto.getOutputType().getName(), bytes);
    }

    io.grpc.MethodDescriptor<byte[], byte[]> grpc() {
      return io.grpc.MethodDescriptor.newBuilder(new Bytes(), new Bytes())
          .setType(proto.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
          .setFullMethodName(proto.getService().getFullName() + "/" + proto.getName())
          .build();
    }
  }

  private static final class Bytes implements io.grpc.MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      boolean _ = channel.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    Future<?> ended = threads.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    boolean _ = ended.awaitUninterruptibly(Long.MAX_VALUE);
  }
}
