package io.sealift.keyprovider;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sealift.crypt.KeyException;
import io.sealift.wire.ProtoException;
import io.sealift.wire.guest.DataHub;
import io.sealift.wire.guest.Messages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A service over gRPC.
///
/// @param serverName that its certificate has to have instead of the host; null for the host
record GrpcTransport(
    String host, int port, ChannelCredentials credentials, @Nullable String serverName)
    implements Transport {

  /// Characters of what the service says that are kept for the message.
  private static final int MAX_COMPLAINT_LENGTH = 500;

  /// Seconds until a connection that is not wanted any more has ended.
  private static final int END_SECONDS = 5;

  private static final MethodDescriptor<byte[], byte[]> UNWRAP_KEY =
      MethodDescriptor.newBuilder(new Bytes(), new Bytes())
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(
              MethodDescriptor.generateFullMethodName(
                  DataHub.KEY_PROVIDER_SERVICE, DataHub.UNWRAP_KEY))
          .build();

  /// Messages stay bytes here.
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException failed) {
        throw Status.INTERNAL.withCause(failed).asRuntimeException();
      }
    }
  }

  @Override
  public byte[] exchange(byte[] input, Duration timeout)
      throws KeyException, InterruptedIOException {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(host, port, credentials)
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .disableRetry();
    if (serverName != null) {
      builder.overrideAuthority(serverName);
    }
    ManagedChannel channel = builder.build();
    byte[] request = Messages.ofBytes(input);
    try {
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
      byte[] answer = ClientCalls.blockingUnaryCall(channel, UNWRAP_KEY, options, request);
      try {
        return Messages.bytes("KeyProviderKeyWrapProtocolOutput", answer);
      } finally {
        Arrays.fill(answer, (byte) 0);
      }
    } catch (StatusRuntimeException failed) {
      if (Thread.interrupted()) {
        InterruptedIOException interrupted = new InterruptedIOException(this + ": interrupted");
        interrupted.initCause(failed);
        throw interrupted;
      }
      throw new KeyException(reason(failed.getStatus()), failed);
    } catch (ProtoException malformed) {
      throw new KeyException("its answer is malformed", malformed);
    } finally {
      Arrays.fill(request, (byte) 0);
      end(channel);
    }
  }

  private static void end(ManagedChannel channel) throws InterruptedIOException {
    channel.shutdownNow();
    try {
      boolean _ = channel.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      InterruptedIOException stopped = new InterruptedIOException("key provider: interrupted");
      stopped.initCause(interrupted);
      throw stopped;
    }
  }

  private static String reason(Status status) {
    String description =
        status.getDescription() == null ? "no reason given" : status.getDescription();
    Throwable cause = status.getCause();
    String words = cause == null ? description : description + ": " + cause.getMessage();
    StringBuilder line = new StringBuilder();
    words
        .codePoints()
        .limit(MAX_COMPLAINT_LENGTH)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return "%s (%s)".formatted(line, status.getCode());
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
