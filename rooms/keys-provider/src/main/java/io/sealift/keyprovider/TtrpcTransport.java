package io.sealift.keyprovider;

import io.sealift.crypt.KeyException;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.DataHub;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// A service on a Unix socket, such as the Confidential Data Hub.
record TtrpcTransport(Path socket) implements Transport {

  @Override
  public byte[] exchange(byte[] input, Duration timeout)
      throws KeyException, InterruptedIOException {
    try {
      byte[] answer = new DataHub(socket, timeout).unwrapKey(input);
      if (answer.length > MAX_ANSWER_BYTES) {
        Arrays.fill(answer, (byte) 0);
        throw new KeyException(
            "its answer has more than the %d bytes allowed".formatted(MAX_ANSWER_BYTES));
      }
      return answer;
    } catch (TtrpcException failed) {
      throw new KeyException("%s (%s)".formatted(failed.reason(), failed.code()), failed);
    }
  }
}
