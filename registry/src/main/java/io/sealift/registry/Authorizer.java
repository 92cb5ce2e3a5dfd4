package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one registry for one repository (distribution's token authentication).
/// The password goes to that registry and to its token server, nowhere else; a token goes to the
/// registry. Thread-safe.
final class Authorizer {

  /// Bytes of a token server's answer (1 MiB, as containers/image).
  private static final int MAX_TOKEN_BYTES = 1 << 20;

  /// How long a token holds at least, whatever is said.
  private static final long MIN_TOKEN_SECONDS = 60;

  /// A token is not used any more this long before its end.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Http http;
  private final Endpoint registry;
  private final String scope;
  private final @Nullable Credentials credentials;

  private @Nullable String header;
  private Instant expires = Instant.MAX;

  Authorizer(Http http, Endpoint registry, String repository, @Nullable Credentials credentials) {
    this.http = http;
    this.registry = registry;
    this.scope = "repository:" + repository + ":pull";
    this.credentials = credentials;
  }

  /// The value of an `Authorization` header that was good before and still should be.
  synchronized Optional<String> header() {
    if (header != null && Instant.now().isAfter(expires)) {
      header = null;
    }
    return Optional.ofNullable(header);
  }

  /// Answers a challenge.
  ///
  /// @param tried the header that the challenged request had, null when it had none
  /// @throws AuthenticationException when there is no answer to it
  synchronized void answer(List<Challenge> challenges, @Nullable String tried)
      throws ImageException, InterruptedIOException {
    if (header != null && !header.equals(tried)) {
      return; // another thread has answered meanwhile
    }
    Challenge bearer = find(challenges, "bearer");
    if (bearer != null) {
      fetchToken(bearer);
    } else if (find(challenges, "basic") != null && credentials != null) {
      if (tried != null) {
        throw new AuthenticationException(
            "log in to %s: the registry refuses the credentials of user '%s'"
                .formatted(registry, credentials.user()));
      }
      header = credentials.basic();
      expires = Instant.MAX;
    } else {
      throw new AuthenticationException(
          "log in to %s: the registry wants credentials; pass --creds USER:PASSWORD"
              .formatted(registry));
    }
  }

  private static @Nullable Challenge find(List<Challenge> challenges, String scheme) {
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals(scheme)) {
        return challenge;
      }
    }
    return null;
  }

  private void fetchToken(Challenge challenge) throws ImageException, InterruptedIOException {
    Location realm = realm(challenge);
    Map<String, String> headers =
        credentials == null ? Map.of() : Map.of("Authorization", credentials.basic());
    Instant now = Instant.now();
    Response response = http.get(realm, headers);
    if (response.status() != 200) {
      throw ErrorReport.of(response, "get a token from " + realm);
    }
    byte[] body = Http.body(response, "token from " + realm, MAX_TOKEN_BYTES);
    JsonObject reply = JsonReader.readObject(body, "token", JsonLimits.ofBytes(MAX_TOKEN_BYTES));
    header = "Bearer " + token(reply, realm);
    long seconds = reply.optionalInteger("expires_in").orElse(MIN_TOKEN_SECONDS);
    expires = now.plusSeconds(Math.clamp(seconds, MIN_TOKEN_SECONDS, 86_400)).minus(MARGIN);
  }

  /// A token server has to be as trustworthy as its registry: HTTPS, or plain HTTP on the very host
  /// of a plain-HTTP registry.
  private Location realm(Challenge challenge) throws TransferException, AuthenticationException {
    String url = challenge.parameters().get("realm");
    if (url == null) {
      throw new AuthenticationException(
          "log in to %s: the registry's challenge names no realm".formatted(registry));
    }
    Location realm = new Location(registry, "/").resolve(url);
    Endpoint server = realm.endpoint();
    if (!server.tls() && (registry.tls() || !server.host().equals(registry.host()))) {
      throw new AuthenticationException(
          "log in to %s: refused to ask for a token over plain HTTP at %s"
              .formatted(registry, server));
    }
    StringBuilder target = new StringBuilder(realm.target());
    target
        .append(realm.target().indexOf('?') < 0 ? '?' : '&')
        .append("scope=")
        .append(encoded(scope));
    String service = challenge.parameters().get("service");
    if (service != null) {
      target.append("&service=").append(encoded(service));
    }
    if (credentials != null) {
      target.append("&account=").append(encoded(credentials.user()));
    }
    return new Location(server, target.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String token(JsonObject reply, Location realm)
      throws UnsafeContentException, AuthenticationException {
    Optional<String> named = reply.optionalString("token");
    String token =
        named.isPresent() ? named.get() : reply.optionalString("access_token").orElse("");
    boolean sound = !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!sound) {
      throw new AuthenticationException(
          "get a token from %s: the answer holds none".formatted(realm));
    }
    return token;
  }
}
