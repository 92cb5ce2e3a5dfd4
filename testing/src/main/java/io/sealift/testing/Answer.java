package io.sealift.testing;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a server says to a request: status, headers, body, and how the body is sent.
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, Map<String, String> headers, byte[] body, Delivery delivery) {

  /// How a body is sent.
  sealed interface Delivery {

    /// With its length before it.
    record Whole() implements Delivery {}

    /// In chunks of this many bytes.
    record Chunked(int bytes) implements Delivery {}

    /// Without a length; the connection ends with the body.
    record UntilClose() implements Delivery {}

    /// With its length before it; then the connection is closed, without a word of that.
    record ThenClose() implements Delivery {}

    /// With another length before it, and then the connection is closed.
    record Length(long said) implements Delivery {}

    /// Only so many bytes of the length announced, then the connection is closed.
    record Cut(int after) implements Delivery {}

    /// Only so many bytes of the length announced; when the action returned, the connection is
    /// reset.
    record Reset(int after, Runnable first) implements Delivery {}

    /// Only so many bytes of the length announced, then nothing until the client goes away.
    record Stall(int after) implements Delivery {}

    /// A byte, a pause, and so on.
    record Trickle(int pauseMillis) implements Delivery {}

    /// Headers without end, with a pause after each.
    record EndlessHead(int pauseMillis) implements Delivery {}

    /// Zeros without end, in chunks.
    record Endless() implements Delivery {}

    /// The bytes of the body are all that is sent, head and all.
    record Raw(After after) implements Delivery {}

    /// Frames of HTTP/2; nothing over HTTP/1.1.
    record Frames(Http2Stream.Script script) implements Delivery {}

    /// What happens to the connection afterwards.
    enum After {
      CLOSE,
      RESET,
      /// Nothing until the client goes away.
      SILENCE
    }
  }

  static Answer of(int status, byte[] body) {
    return new Answer(status, Map.of(), body, new Delivery.Whole());
  }

  static Answer text(int status, String body) {
    return of(status, TarMember.utf8(body));
  }

  /// An error as the distribution specification has it.
  static Answer error(int status, String code, String message) {
    return text(
            status,
            "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}\n".formatted(code, message))
        .header("Content-Type", "application/json");
  }

  Answer header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, delivery);
  }

  Answer status(int value) {
    return new Answer(value, headers, body, delivery);
  }

  Answer deliver(Delivery value) {
    return new Answer(status, headers, body, value);
  }
}
