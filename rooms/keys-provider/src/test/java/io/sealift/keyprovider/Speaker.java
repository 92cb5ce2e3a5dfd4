package io.sealift.keyprovider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sealift.wire.Code;
import io.sealift.wire.ProtoException;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.DataHub;
import io.sealift.wire.guest.Messages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A key provider that answers every question the same, over one of the transports, and keeps what
/// it was asked.
abstract class Speaker implements AutoCloseable {

  /// What it was asked last, JSON; to be read after the answer came.
  abstract String asked() throws IOException;

  /// What stands in the configuration for it.
  abstract String config();

  @Override
  public abstract void close() throws IOException;

  /// What it answers.
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(byte[] json, boolean fails) {

    static Answer of(String json) {
      return new Answer(json.getBytes(UTF_8), false);
    }

    /// Says no, with these words.
    static Answer failure(String words) {
      return new Answer(words.getBytes(UTF_8), true);
    }
  }

  enum Kind {
    COMMAND,
    GRPC,
    TTRPC;

    Speaker start(Path dir, Answer answer) throws IOException {
      return switch (this) {
        case COMMAND -> new Command(dir, answer);
        case GRPC -> new Grpc(answer, null);
        case TTRPC -> new Ttrpc(dir, answer);
      };
    }
  }

  /// A script, run as a process of its own.
  static final class Command extends Speaker {

    private final Path dir;

    Command(Path dir, Answer answer) throws IOException {
      this.dir = dir;
      Files.write(dir.resolve("answer"), answer.json());
      script(
          dir,
          answer.fails()
              ? "cat >\"$1/asked\"; cat \"$1/answer\" >&2; exit 3"
              : "cat >\"$1/asked\"; cat \"$1/answer\"");
    }

    static Path script(Path dir, String text) throws IOException {
      Path script = Files.writeString(dir.resolve("provider.sh"), "#!/bin/sh\n" + text + "\n");
      return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    static String config(Path dir) {
      return "{\"cmd\":{\"path\":\"%s\",\"args\":[\"%s\"]}}"
          .formatted(dir.resolve("provider.sh"), dir);
    }

    @Override
    String asked() throws IOException {
      return Files.readString(dir.resolve("asked"));
    }

    @Override
    String config() {
      return config(dir);
    }

    @Override
    public void close() {}
  }

  static final class Ttrpc extends Speaker {

    private final TtrpcServer server;
    private volatile String asked = "";

    Ttrpc(Path dir, Answer answer) throws IOException {
      Services services =
          Services.builder()
              .add(
                  DataHub.KEY_PROVIDER_SERVICE,
                  DataHub.UNWRAP_KEY,
                  request -> {
                    asked = new String(Messages.bytes("input", request.payload()), UTF_8);
                    if (answer.fails()) {
                      throw new TtrpcException(Code.INTERNAL, new String(answer.json(), UTF_8));
                    }
                    return Messages.ofBytes(answer.json());
                  })
              .build();
      server = TtrpcServer.listen(dir.resolve("kp.sock"), services, ServerLimits.DEFAULT);
    }

    @Override
    String asked() {
      return asked;
    }

    @Override
    String config() {
      return "{\"ttrpc\":\"unix://%s\"}".formatted(server.socket());
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  static final class Grpc extends Speaker {

    private static final MethodDescriptor.Marshaller<byte[]> BYTES =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
          }

          @Override
          public byte[] parse(InputStream stream) {
            try {
              return stream.readAllBytes();
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          }
        };

    private static final MethodDescriptor<byte[], byte[]> METHOD =
        MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("keyprovider.KeyProviderService/UnWrapKey")
            .build();

    private final Server server;
    private volatile String asked = "";

    Grpc(Answer answer, @Nullable ServerCredentials credentials) throws IOException {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      NettyServerBuilder builder =
          credentials == null
              ? NettyServerBuilder.forAddress(address)
              : NettyServerBuilder.forAddress(address, credentials);
      server =
          builder
              .addService(
                  ServerServiceDefinition.builder("keyprovider.KeyProviderService")
                      .addMethod(
                          METHOD,
                          ServerCalls.asyncUnaryCall(
                              (request, answers) -> answer(request, answer, answers)))
                      .build())
              .build()
              .start();
    }

    private void answer(byte[] request, Answer answer, StreamObserver<byte[]> answers) {
      try {
        asked = new String(Messages.bytes("input", request), UTF_8);
      } catch (ProtoException malformed) {
        throw new IllegalArgumentException(malformed);
      }
      if (answer.fails()) {
        answers.onError(
            Status.INTERNAL.withDescription(new String(answer.json(), UTF_8)).asException());
      } else {
        answers.onNext(Messages.ofBytes(answer.json()));
        answers.onCompleted();
      }
    }

    int port() {
      return server.getPort();
    }

    @Override
    String asked() {
      return asked;
    }

    @Override
    String config() {
      return "{\"grpc\":\"127.0.0.1:%d\"}".formatted(port());
    }

    @Override
    public void close() throws IOException {
      server.shutdownNow();
      try {
        server.awaitTermination();
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
    }
  }
}
