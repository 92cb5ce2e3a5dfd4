package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationTest {

  private static final String PASSWORD = Setting.PASSWORD;
  private static final String BASIC = "YWxpY2U6Y29ycmVjdCBob3JzZSBiYXR0ZXJ5";
  private static final String IDENTITY = "identity-token-of-alice";

  private static Setting bearer() throws Exception {
    return new Setting(InProcessRegistry.builder().bearer("alice", PASSWORD).start());
  }

  private static Setting withChallenge(String challenge) throws Exception {
    Setting setting = Setting.plain();
    setting.registry.plan(
        "/v2/", Fault.raw("HTTP/1.1 401 x\r\nWWW-Authenticate: " + challenge + "\r\n\r\n"));
    return setting;
  }

  @Test
  void asksForATokenOnceForManifestConfigAndLayer() throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      source.manifest();
      assertArrayEquals(setting.bytes, setting.read(source));
      String token =
          "GET /token?scope=repository%3Aapp%3Apull&service="
              + setting.registry.address().replace(":", "%3A")
              + "&account=alice";
      assertEquals(
          List.of(
              "GET /v2/app/manifests/v1",
              token,
              "GET /v2/app/manifests/v1",
              "GET /v2/app/blobs/LAYER"),
          setting.requests());
      assertEquals("Basic " + BASIC, setting.registry.requests().get(1).header("authorization"));
    }
  }

  @Test
  void severalThreadsThatAreChallengedAtOnceShareOneToken() throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<byte[]> read = () -> setting.read(source);
      for (Future<byte[]> done : threads.invokeAll(java.util.Collections.nCopies(8, read))) {
        assertArrayEquals(setting.bytes, done.get());
      }
      long tokens =
          setting.registry.requests().stream().filter(r -> r.path().equals("/token")).count();
      assertEquals(1, tokens);
    }
  }

  @Test
  void aTokenThatIsWithdrawnInTheMiddleOfABlobIsRenewed() throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      source.manifest();
      setting.registry.revokeTokens();
      setting.registry.plan("/blobs/", 1, Fault.error(401, "UNAUTHORIZED", "x"));
      assertThrows(AuthenticationException.class, () -> setting.read(source));
      assertArrayEquals(setting.bytes, setting.read(source));
    }
  }

  @Test
  void anIdentityTokenIsExchanged() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().identityToken("alice", IDENTITY).start());
        ImageSource source =
            setting.open(Credentials.identityToken("alice", IDENTITY.toCharArray()))) {
      source.manifest();
      RegistryRequest exchange = setting.registry.requests().get(1);
      assertEquals("POST /token", exchange.toString());
      assertEquals(
          "grant_type=refresh_token&client_id=sealift&scope=repository%3Aapp%3Apull&service="
              + setting.registry.address().replace(":", "%3A")
              + "&refresh_token="
              + IDENTITY,
          exchange.body());
      assertEquals("", exchange.header("authorization"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 405})
  void anIdentityTokenIsGivenTheOtherWayWhereItCannotBeExchanged(int status) throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().identityToken("alice", IDENTITY).start());
        ImageSource source =
            setting.open(Credentials.identityToken("alice", IDENTITY.toCharArray()))) {
      setting.registry.plan("POST /token", Fault.status(status, "no such thing"));
      assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
    }
  }

  @Test
  void anIdentityTokenIsNoPassword() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().basic("alice", IDENTITY).start());
        ImageSource source =
            setting.open(Credentials.identityToken("alice", IDENTITY.toCharArray()))) {
      assertThrows(AuthenticationException.class, source::manifest);
      assertEquals(1, setting.registry.requests().size());
    }
  }

  @Test
  void aFormWithAnIdentityTokenIsNotSentOn() throws Exception {
    try (Setting setting =
            new Setting(InProcessRegistry.builder().identityToken("alice", IDENTITY).start());
        InProcessRegistry evil = InProcessRegistry.start();
        ImageSource source =
            setting.open(Credentials.identityToken("alice", IDENTITY.toCharArray()))) {
      setting.registry.plan("POST /token", Fault.redirect(307, target -> evil.url() + target));
      assertThrows(ImageException.class, source::manifest);
      assertEquals(List.of(), evil.requests());
    }
  }

  /// Where a registry may send us for a token; X is its own address.
  @ParameterizedTest
  @CsvSource({
    "http, http://X/token, password, true",
    "http, http://localhost:1/token, password, false",
    "http, https://token.example/token, password, false",
    "http, http://localhost:1/token, none, false",
    "https, http://X/token, password, false",
    "https, http://X/token, none, false",
    "https, https://X/token, password, true",
    "http, ftp://X/token, password, false",
    "http, http://alice@X/token, password, false",
    "http, http://169.254.169.254/token, none, false",
  })
  void passwordsGoOnlyWhereTheyAreMeantTo(
      String scheme, String realm, String with, boolean accepted) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder().bearer("alice", PASSWORD);
    if (scheme.equals("https")) {
      builder.https();
    }
    try (Setting setting = new Setting(builder.start());
        ImageSource source =
            with.equals("password") ? setting.open(Setting.user(PASSWORD)) : setting.open()) {
      String url = realm.replace("X", setting.registry.address());
      setting.registry.plan(
          "/v2/",
          1,
          Fault.raw("HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer realm=\"" + url + "\"\r\n\r\n"));
      if (accepted) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
      } else {
        assertThrows(ImageException.class, source::manifest);
        assertEquals(List.of("GET /v2/app/manifests/v1"), setting.requests());
      }
    }
  }

  @Test
  void aRealmElsewhereGetsThePasswordOverTlsFromARegistryOverTls() throws Exception {
    try (InProcessRegistry tokens =
            InProcessRegistry.builder().https().bearer("alice", PASSWORD).start();
        Setting setting =
            new Setting(InProcessRegistry.builder().https().tokensOf(tokens).start());
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .credentials(Setting.user(PASSWORD))
                    .certificates(List.of(setting.registry.certificate(), tokens.certificate())))) {
      source.manifest();
      assertEquals("Basic " + BASIC, tokens.requests().getFirst().header("authorization"));
    }
  }

  @Test
  void aChallengeOfAServerThatWeWereSentToIsNotAnswered() throws Exception {
    try (Setting setting = Setting.plain();
        InProcessRegistry evil = InProcessRegistry.builder().bearer("alice", PASSWORD).start();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      setting.registry.plan("/blobs/", Fault.redirect(307, target -> evil.url() + target));
      assertThrows(ImageException.class, () -> source.open(setting.layer));
      assertEquals(1, evil.requests().size());
      assertEquals("", evil.requests().getFirst().header("authorization"));
    }
  }

  @Test
  void aTokenDoesNotFollowARedirectToAnotherPort() throws Exception {
    try (Setting setting = bearer();
        Setting storage = Setting.plain();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      setting.registry.plan(
          "/blobs/", Fault.redirect(307, target -> storage.registry.url() + target));
      source.manifest();
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals("", storage.registry.requests().getFirst().header("authorization"));
    }
  }

  @Test
  void aTokenStaysWhereTheRedirectStays() throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      setting.registry.plan("manifests/v1", Fault.redirect(308, target -> "latest"));
      setting.registry.push("app", "latest", setting.image);
      // The challenge comes after the redirect, from the same server.
      assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
    }
  }

  @Test
  void credentialsAreForTheRegistryTheyWereGivenFor() throws Exception {
    try (Setting setting = bearer()) {
      RegistryClient client =
          setting
              .client()
              .credentials("127.0.0.1:1", Setting.user("for another"))
              .credentials(setting.registry.address(), Setting.user(PASSWORD))
              .build();
      try (ImageSource source = client.open(Reference.parse(setting.registry.name("app", "v1")))) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
      }
    }
  }

  /// What cannot be answered.
  static Stream<Arguments> challenges() {
    return Stream.of(
        Arguments.of("Negotiate", "expected a challenge of type Bearer or Basic"),
        Arguments.of("", "expected a challenge of type Bearer or Basic"),
        Arguments.of("Bearer service=\"x\"", "the registry's challenge names no realm"),
        Arguments.of(
            "Basic realm=\"x\"", "(status 401); check the name, or pass other credentials"));
  }

  @ParameterizedTest
  @MethodSource("challenges")
  void refusesAChallenge(String challenge, String words) throws Exception {
    try (Setting setting = withChallenge(challenge);
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, source::manifest);
      assertTrue(refused.getMessage().contains(words), refused.getMessage());
    }
  }

  /// Answers of a token server that are none.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "not JSON: leaked-token",
        "{\"token\":\"\"}",
        "{\"token\":\"leaked-token\\r\\nX: y\"}",
        "{\"token\":\"leaked-token with space\"}",
        "{\"token\":\"leaked-token\",\"access_token\":\"other\"}",
        "{\"token\":\"leaked-token\",\"token\":\"leaked-token\"}",
        "{\"token\":7}",
        "{\"token\":\"leaked-token\",\"expires_in\":\"soon\"}"
      })
  void refusesWhatIsNoToken(String body) throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      setting.registry.plan("/token", Fault.status(200, body));
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, source::manifest);
      assertEquals(
          "get a token from "
              + setting.registry.url()
              + "/token: expected a JSON object with one token",
          refused.getMessage());
      assertFalse(everythingAbout(refused).contains("leaked-token"));
    }
  }

  @Test
  void aTokenServerThatNeverEndsIsRefused() throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      setting.registry.plan("/token", Fault.endless());
      ImageException refused = assertThrows(ImageException.class, source::manifest);
      assertEquals(
          "read token from "
              + setting.registry.url()
              + "/token: more than the 1048576 bytes allowed",
          refused.getMessage());
    }
  }

  /// Registries that say our secrets to our face.
  @ParameterizedTest
  @ValueSource(strings = {"/v2/", "/token"})
  void showsNoSecretThatARegistrySendsBack(String part) throws Exception {
    try (Setting setting = bearer();
        ImageSource source = setting.open(Setting.user(PASSWORD))) {
      source.manifest();
      setting.registry.revokeTokens();
      String echo = PASSWORD + " " + BASIC + " token-1-secret";
      setting.registry.plan("/v2/", 1, Fault.raw(challengeTo(setting)));
      setting.registry.plan(part, Fault.error(403, "DENIED", echo));
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, source::manifest);
      assertTrue(refused.getMessage().contains("DENIED: *** ***"), refused.getMessage());
      for (String secret : List.of(PASSWORD, BASIC, "token-1-secret", "token-2-secret")) {
        assertFalse(everythingAbout(refused).contains(secret), secret);
      }
    }
  }

  private static String challengeTo(Setting setting) {
    return "HTTP/1.1 401 x\r\nWWW-Authenticate: Bearer realm=\"%s/token\"\r\n\r\n"
        .formatted(setting.registry.url());
  }

  private static String everythingAbout(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void credentialsShowNothingAndForgetThemselves() {
    Credentials credentials = Setting.user(PASSWORD);
    assertEquals("alice:***", credentials.toString());
    assertEquals("Basic " + BASIC, credentials.basic());
    credentials.close();
    assertFalse(credentials.formEncoded().contains("correct"));
    assertThrows(IllegalArgumentException.class, () -> new Credentials("a:b", "c".toCharArray()));
  }

  @Test
  void passwordsAreUtf8() {
    assertEquals(
        "Basic Ond0d6nwn5iA".replace("Ond0d6nwn5iA", "OsOp8J+YgA=="),
        new Credentials("", "é😀".toCharArray()).basic());
  }
}
