package io.sealift.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Issues bearer tokens to those who may have them (distribution specification, token
/// authentication; OAuth 2 for refresh tokens).
final class TokenService {

  private final String user;
  private final String password;
  private final String identityToken;
  private final boolean anonymous;
  private final int expiresIn;
  private final AtomicInteger issued = new AtomicInteger();
  private final Set<String> valid = ConcurrentHashMap.newKeySet();

  /// @param anonymous whether those who give no credentials get a token too
  /// @param expiresIn seconds that are said in the answer
  TokenService(
      String user, String password, String identityToken, boolean anonymous, int expiresIn) {
    this.user = user;
    this.password = password;
    this.identityToken = identityToken;
    this.anonymous = anonymous;
    this.expiresIn = expiresIn;
  }

  static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  boolean accepts(String authorization) {
    return authorization.startsWith("Bearer ")
        && valid.contains(authorization.substring("Bearer ".length()));
  }

  void revokeAll() {
    valid.clear();
  }

  Answer answer(RegistryRequest request) {
    return switch (request.method()) {
      case "GET" -> get(request);
      case "POST" -> post(request);
      default -> Answer.error(405, "UNSUPPORTED", "no such method");
    };
  }

  private Answer get(RegistryRequest request) {
    String authorization = request.header("authorization");
    boolean known =
        authorization.equals(basic(user, password))
            || (!identityToken.isEmpty() && authorization.equals(basic(user, identityToken)));
    return known || (anonymous && authorization.isEmpty()) ? issue("token") : refuse();
  }

  private Answer post(RegistryRequest request) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : request.body().split("&", -1)) {
      int equals = pair.indexOf('=');
      form.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    boolean known =
        "refresh_token".equals(form.get("grant_type"))
            && !identityToken.isEmpty()
            && identityToken.equals(form.get("refresh_token"));
    return known ? issue("access_token") : refuse();
  }

  private Answer issue(String member) {
    String token = "token-" + issued.incrementAndGet() + "-secret";
    valid.add(token);
    return Answer.text(200, "{\"%s\":\"%s\",\"expires_in\":%d}".formatted(member, token, expiresIn))
        .header("Content-Type", "application/json");
  }

  private static Answer refuse() {
    return Answer.error(401, "UNAUTHORIZED", "incorrect username or password");
  }
}
