package io.sealift.wire.guest;

import io.sealift.wire.Code;
import io.sealift.wire.ProtoException;
import io.sealift.wire.TtrpcClient;
import io.sealift.wire.TtrpcException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// A service's socket. Every call has a connection of its own: there are few, and the service may
/// have been started again since the last one.
record Endpoint(Path socket, Duration timeout) {

  interface Decoder<T> {
    T decode(byte[] message) throws ProtoException;
  }

  /// @param request is overwritten
  <T> T call(String service, String method, byte[] request, Decoder<T> decoder)
      throws TtrpcException, InterruptedIOException {
    try (TtrpcClient client = TtrpcClient.connect(socket, timeout)) {
      byte[] answer = client.call(service, method, request, timeout);
      try {
        return decoder.decode(answer);
      } catch (ProtoException malformed) {
        throw new TtrpcException(
            Code.INTERNAL,
            "call %s/%s at %s: %s".formatted(service, method, socket, malformed.getMessage()),
            malformed);
      } finally {
        Arrays.fill(answer, (byte) 0);
      }
    } finally {
      Arrays.fill(request, (byte) 0);
    }
  }
}
