package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.registry.CredentialSource.Answer;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one registry for one repository (distribution's token authentication).
///
/// | what | goes to |
/// |---|---|
/// | a password | the registry, when it asks for Basic authentication |
/// | a password, an identity token | the registry's realm: over HTTPS, wherever it is, when the registry speaks HTTPS and proved who it is; otherwise only on the very host of the registry |
/// | a token | the registry |
///
/// Credentials are looked up only when a challenge needs them.
///
/// Thread-safe: of several threads that are challenged at once, one asks for a token. {@link
/// #close} forgets the credentials.
final class Authorizer implements ErrorReport.Teller, AutoCloseable {

  private final Http http;
  private final Endpoint registry;
  private final String scope;
  private final Login login;
  private final ReentrantLock asking = new ReentrantLock();

  /// The newest last; old ones are kept to know them when they are sent back.
  private final List<Token> tokens = new CopyOnWriteArrayList<>();

  /// What of the credentials the registry has to be told itself; null while a token does, or
  /// nothing.
  private volatile @Nullable Direct direct;

  /// How credentials are shown to a registry without a token server.
  private enum Direct {
    BASIC,
    TOKEN
  }

  Authorizer(Http http, Endpoint registry, String repository, Login login) {
    this.http = http;
    this.registry = registry;
    this.scope = "repository:" + repository + ":pull";
    this.login = login;
  }

  /// The value of an `Authorization` header that was good before and still should be.
  Optional<String> header() {
    if (!tokens.isEmpty() && tokens.getLast().isFresh()) {
      return Optional.of(tokens.getLast().header());
    }
    Credentials known = login.known();
    Direct way = direct;
    if (known == null || way == null) {
      return Optional.empty();
    }
    return Optional.of(way == Direct.BASIC ? known.basic() : known.bearer());
  }

  /// Answers a challenge, so that {@link #header} has something new.
  ///
  /// @param tried the header that the challenged request had, null when it had none
  /// @throws AuthenticationException when there is no answer to it
  void answer(List<Challenge> challenges, @Nullable String tried, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      InterruptedIOException cancelled = new InterruptedIOException("cancelled");
      cancelled.initCause(interrupted);
      throw cancelled;
    }
    try {
      String now = header().orElse(null);
      if (now != null && !now.equals(tried)) {
        return; // another thread has answered meanwhile
      }
      answerAlone(challenges, tried, cancellation);
    } finally {
      asking.unlock();
    }
  }

  private void answerAlone(
      List<Challenge> challenges, @Nullable String tried, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Challenge bearer = find(challenges, "bearer");
    Credentials credentials = login.credentials();
    if (bearer != null && credentials != null && credentials.isRegistryToken()) {
      show(Direct.TOKEN, tried, "token");
    } else if (bearer != null) {
      tokens.add(fetch(bearer, credentials, cancellation));
    } else if (find(challenges, "basic") == null) {
      throw new AuthenticationException(
          "log in to %s: expected a challenge of type Bearer or Basic".formatted(registry));
    } else if (credentials == null
        || credentials.isIdentityToken()
        || credentials.isRegistryToken()) {
      throw new AuthenticationException(
          "log in to %s: the registry wants credentials; %s".formatted(registry, missing()));
    } else {
      show(Direct.BASIC, tried, "credentials of user '" + credentials.user() + "'");
    }
  }

  private String missing() throws ImageException, InterruptedIOException {
    return switch (login.ask()) {
      case Answer.Unknown(String remedy) -> remedy;
      case Answer.Known(_, String from) ->
          "%s has a token, it wants a password; pass --creds USER:PASSWORD".formatted(from);
    };
  }

  private void show(Direct way, @Nullable String tried, String what)
      throws ImageException, InterruptedIOException {
    if (tried != null && login.ask() instanceof Answer.Known(_, String from)) {
      throw new AuthenticationException(
          "log in to %s: the registry refuses the %s; check %s".formatted(registry, what, from));
    }
    direct = way;
  }

  private static @Nullable Challenge find(List<Challenge> challenges, String scheme) {
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals(scheme)) {
        return challenge;
      }
    }
    return null;
  }

  private Token fetch(
      Challenge challenge, @Nullable Credentials credentials, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    Location realm = realm(challenge, credentials);
    String service = challenge.parameters().get("service");
    Response response =
        credentials != null && credentials.isIdentityToken()
            ? exchangeIdentity(credentials, realm, service, cancellation)
            : ask(credentials, realm, service, cancellation);
    if (response.status() != 200) {
      throw ErrorReport.of(response, "get a token from " + realm, this);
    }
    return Token.read(response, realm);
  }

  private Response ask(
      @Nullable Credentials credentials,
      Location realm,
      @Nullable String service,
      Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    StringBuilder target = new StringBuilder(realm.target());
    target.append(realm.target().indexOf('?') < 0 ? '?' : '&');
    target.append("scope=").append(encoded(scope));
    if (service != null) {
      target.append("&service=").append(encoded(service));
    }
    if (credentials != null && !credentials.user().isEmpty()) {
      target.append("&account=").append(encoded(credentials.user()));
    }
    Map<String, String> headers =
        credentials == null ? Map.of() : Map.of(Http.AUTHORIZATION, credentials.basic());
    Http.Answer answer =
        http.get(new Location(realm.endpoint(), target.toString()), headers, cancellation);
    return answer.response();
  }

  /// OAuth 2; servers that do not speak it say 404, some 405, and JFrog's 401, and are then asked
  /// the other way.
  private Response exchangeIdentity(
      Credentials identity, Location realm, @Nullable String service, Cancellation cancellation)
      throws ImageException, InterruptedIOException {
    String form =
        "grant_type=refresh_token&client_id=sealift&scope="
            + encoded(scope)
            + (service == null ? "" : "&service=" + encoded(service))
            + "&refresh_token="
            + identity.formEncoded();
    Response response = http.post(realm, form, cancellation);
    int status = response.status();
    if (status != 404 && status != 405 && status != 401) {
      return response;
    }
    Http.discard(response);
    return ask(identity, realm, service, cancellation);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// The server that gives tokens, which has to be as trustworthy as the registry itself.
  private Location realm(Challenge challenge, @Nullable Credentials credentials)
      throws TransferException, AuthenticationException {
    String url = challenge.parameters().get("realm");
    if (url == null) {
      throw new AuthenticationException(
          "log in to %s: the registry's challenge names no realm".formatted(registry));
    }
    Location realm = new Location(registry, "/").resolve(url);
    Endpoint server = realm.endpoint();
    if (registry.tls() && !server.tls()) {
      throw refused(server, "HTTPS");
    }
    boolean sameHost = server.host().equals(registry.host());
    if (!http.isRegistryProved() && !sameHost && (!server.tls() || credentials != null)) {
      throw refused(
          server,
          "the registry's own host"
              + (registry.tls() ? ", because the registry did not prove who it is" : ""));
    }
    return realm;
  }

  private AuthenticationException refused(Endpoint realm, String expected) {
    return new AuthenticationException(
        "log in to %s: refused to ask for a token at %s; expected %s"
            .formatted(registry, realm, expected));
  }

  @Override
  public String redact(String text) {
    String redacted = text;
    for (Token token : tokens) {
      redacted = token.redact(redacted);
    }
    Credentials known = login.known();
    return known == null ? redacted : known.redact(redacted);
  }

  @Override
  public String remedy() {
    return login.remedy();
  }

  @Override
  public void close() {
    login.close();
  }
}
