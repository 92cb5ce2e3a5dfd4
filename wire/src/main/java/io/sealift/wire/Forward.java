package io.sealift.wire;

import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;

/// Passes calls on to another server as they are, and its answers back: payload, metadata and time
/// of a call, code and message of an answer. Immutable and thread-safe. Each call has a connection
/// of its own, so that it is given up there as soon as it is here, and that the other server may
/// have been started again since the last one.
public final class Forward implements Handler {

  private final Path socket;
  private final Duration connect;

  /// @param socket of the other server
  /// @param connect how long it may take to accept a connection
  public Forward(Path socket, Duration connect) {
    this.socket = socket;
    this.connect = connect;
  }

  /// @throws TtrpcException also with {@link Code#UNAVAILABLE} when the other server is not there
  @Override
  public byte[] answer(Request request) throws TtrpcException, InterruptedIOException {
    try (TtrpcClient client = TtrpcClient.connect(socket, connect)) {
      Response response = client.exchange(request);
      if (response.code() == Code.OK) {
        return response.payload();
      }
      throw new TtrpcException(response.code(), response.message());
    }
  }
}
