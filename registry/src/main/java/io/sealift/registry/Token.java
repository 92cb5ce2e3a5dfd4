package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.InterruptedIOException;
import java.util.Optional;

/// A bearer token and how long it holds (distribution, token authentication). Never shows itself.
final class Token {

  /// Bytes of a token server's answer (1 MiB, as containers/image).
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /// Characters of a token; a head of a request with more is refused by every server.
  private static final int MAX_LENGTH = 64 * 1024;

  /// How long a token holds at least, whatever is said, and at most.
  private static final long MIN_SECONDS = 60;

  private static final long MAX_SECONDS = 86_400;

  /// A token is not used any more this long before its end.
  private static final long MARGIN_SECONDS = 10;

  private final String value;
  private final long received;
  private final long holdsNanos;

  private Token(String value, long received, long holdsNanos) {
    this.value = value;
    this.received = received;
    this.holdsNanos = holdsNanos;
  }

  /// Reads and closes a token server's answer. How long the token holds is counted from now on:
  /// what the server thinks the time is does not matter.
  static Token read(Response response, Location realm)
      throws ImageException, InterruptedIOException {
    long now = System.nanoTime();
    byte[] body = Http.body(response, "token from " + realm, MAX_ANSWER_BYTES);
    try {
      JsonObject answer =
          JsonReader.readObject(body, "token", JsonLimits.ofBytes(MAX_ANSWER_BYTES));
      long seconds = answer.optionalInteger("expires_in").orElse(MIN_SECONDS);
      long holds = Math.clamp(seconds, MIN_SECONDS, MAX_SECONDS) - MARGIN_SECONDS;
      return new Token(value(answer, realm), now, holds * 1_000_000_000);
    } catch (UnsafeContentException unsound) {
      // What the reader says may quote the token.
      throw unusable(realm);
    }
  }

  private static String value(JsonObject answer, Location realm)
      throws UnsafeContentException, AuthenticationException {
    Optional<String> token = answer.optionalString("token");
    Optional<String> accessToken = answer.optionalString("access_token");
    String value = token.or(() -> accessToken).orElse("");
    boolean sound =
        !value.isEmpty()
            && value.length() <= MAX_LENGTH
            && value.chars().allMatch(c -> c > ' ' && c < 0x7f)
            && accessToken.orElse(value).equals(value);
    if (!sound) {
      throw unusable(realm);
    }
    return value;
  }

  private static AuthenticationException unusable(Location realm) {
    return new AuthenticationException(
        "get a token from %s: expected a JSON object with one token".formatted(realm));
  }

  boolean isFresh() {
    return System.nanoTime() - received < holdsNanos;
  }

  /// The value of an `Authorization` header (RFC 6750).
  String header() {
    return "Bearer " + value;
  }

  String redact(String text) {
    return text.replace(value, "***");
  }

  @Override
  public String toString() {
    return "a token";
  }
}
