package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.source.ManifestBytes;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Single answers, sound, odd and hostile.
class AnswersTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  /// Odd, but meaning `hello`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.0 200 OK\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: identity\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and what nobody asked for",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n05\r\nhello\r\n00\r\nX: y\r\n\r\n"
      })
  void understands(String answer) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.raw(answer));
      assertArrayEquals(HELLO, source.manifest().bytes());
      assertArrayEquals(HELLO, source.manifest().bytes());
      assertEquals(List.of(), setting.pauses);
    }
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        Arguments.of("SSH-2.0-OpenSSH_9.2\r\n", "not an answer of HTTP/1"),
        Arguments.of("HTTP/2 200\r\n\r\n", "not an answer of HTTP/1"),
        Arguments.of("HTTP/1.1 2xx OK\r\n\r\n", "a length that is no number"),
        Arguments.of(OK + "Content-Length: -5\r\n\r\nhello", "a length that is no number"),
        Arguments.of(OK + "Content-Length: 0x5\r\n\r\nhello", "a length that is no number"),
        Arguments.of(OK + "Content-Length: 9999999999999999\r\n\r\n", "a length that is no number"),
        Arguments.of(
            OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "a length that is no number"),
        Arguments.of(
            OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "both a length and a transfer encoding"),
        Arguments.of(
            OK + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            "a transfer encoding that was not asked for"),
        Arguments.of(
            OK + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
            "a content encoding that was not asked for"),
        Arguments.of(
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
            "a chunk that does not end where it should"),
        Arguments.of(
            OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello and more\r\n0\r\n\r\n",
            "a line of more than 2 bytes"),
        Arguments.of(
            OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n", "a length that is no number"),
        Arguments.of(
            OK + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
            "a length that is no number"),
        Arguments.of(OK + ": no name\r\n\r\n", "a header without a proper name"),
        Arguments.of(OK + "no colon\r\n\r\n", "a header without a proper name"),
        Arguments.of(OK + "X: y\r\n folded: z\r\n\r\n", "a header without a proper name"),
        Arguments.of(OK + "Space : y\r\n\r\n", "a header without a proper name"),
        Arguments.of(OK + "X: y\r\n".repeat(200) + "\r\n", "more than 128 headers"),
        Arguments.of(OK + "X: " + "y".repeat(20_000), "a line of more than 16384 bytes"),
        Arguments.of(
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(20), "nothing but provisional answers"));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void refusesNonsenseAtOnce(String answer, String words) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.raw(answer));
      TransferException refused = assertThrows(TransferException.class, source::manifest);
      assertTrue(refused.getMessage().contains(words), refused.getMessage());
      assertEquals(List.of(), setting.pauses, "nonsense does not get better");
    }
  }

  /// Broken off before its end.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
      })
  void triesAgainAfterABreak(String answer) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", 2, Fault.raw(answer));
      assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
      assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(4)), setting.pauses);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, lasting, false",
    "401, authentication, false",
    "403, authentication, false",
    "404, not found, false",
    "406, lasting, false",
    "408, passing, true",
    "418, lasting, false",
    "429, passing, true",
    "500, passing, true",
    "501, lasting, false",
    "502, passing, true",
    "503, passing, true",
    "504, passing, true",
    "505, lasting, false",
    "204, lasting, false",
    "206, lasting, false",
    "304, lasting, false",
    "300, lasting, false",
  })
  void knowsWhatAStatusMeans(int status, String meaning, boolean again) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .retries(new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(9))))) {
      setting.registry.plan("/manifests/", Fault.status(status, ""));
      ImageException failed = assertThrows(ImageException.class, source::manifest);
      String found =
          switch (failed) {
            case NotFoundException _ -> "not found";
            case AuthenticationException _ -> "authentication";
            case TransferException transfer -> transfer.retryable() ? "passing" : "lasting";
            default -> failed.toString();
          };
      assertEquals(meaning, found);
      List<Duration> expected =
          again ? List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)) : List.of();
      assertEquals(expected, setting.pauses);
    }
  }

  /// Words of registries and what becomes of them.
  static Stream<Arguments> words() {
    return Stream.of(
        Arguments.of(404, errors("NAME_UNKNOWN", "no"), "NAME_UNKNOWN: no (status 404)"),
        Arguments.of(400, errors("MANIFEST_UNKNOWN", "no"), "MANIFEST_UNKNOWN: no (status 400)"),
        Arguments.of(418, errors("UNKNOWN", "Not Found"), "UNKNOWN: Not Found (status 418)"),
        Arguments.of(404, "<html>", "no reason given (status 404)"),
        Arguments.of(404, "{\"errors\":[]}", "no reason given (status 404)"),
        Arguments.of(404, "{\"errors\":[{}]}", "no message (status 404)"),
        Arguments.of(404, "{\"errors\":\"x\"}", "no reason given (status 404)"),
        Arguments.of(404, errors("X", "\\u001b[31mred\\u202e\\n"), "X: ?[31mred?? (status 404)"),
        Arguments.of(404, errors("X", "y".repeat(1000)), "X: " + "y".repeat(197) + " (status 404)"),
        Arguments.of(404, "[".repeat(100_000), "no reason given (status 404)"));
  }

  private static String errors(String code, String message) {
    return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
  }

  @ParameterizedTest
  @MethodSource("words")
  void repeatsTheRegistrysWordsSafely(int status, String body, String words) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.status(status, body));
      NotFoundException failed = assertThrows(NotFoundException.class, source::manifest);
      assertEquals(
          "fetch manifest v1 of " + setting.registry.url() + "/v2/app: " + words,
          failed.getMessage());
    }
  }

  @Test
  void readsNoErrorThatNeverEnds() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan(
          "/manifests/", Fault.raw("HTTP/1.1 404 x\r\n\r\n" + "x".repeat(1_500_000)));
      NotFoundException failed = assertThrows(NotFoundException.class, source::manifest);
      assertTrue(failed.getMessage().endsWith("no reason given (status 404)"));
    }
  }

  @ParameterizedTest
  @CsvSource({"4194304, true", "4194305, false"})
  void boundsManifests(int size, boolean accepted) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.body(new byte[size]));
      if (accepted) {
        assertEquals(size, source.manifest().bytes().length);
      } else {
        UnsafeContentException refused =
            assertThrows(UnsafeContentException.class, source::manifest);
        assertTrue(refused.getMessage().endsWith("more than the 4194304 bytes allowed"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/json; charset=utf-8, application/json",
    "Application/vnd.OCI.image.index.v1+JSON, application/vnd.oci.image.index.v1+json",
  })
  void passesTheContentTypeOn(String header, String type) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.contentType(header));
      assertEquals(type, String.valueOf(source.manifest().declared()));
    }
  }

  @Test
  void passesTheDigestOnWithoutBelievingIt() throws Exception {
    String other = "sha512:" + "ab".repeat(64);
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", 1, Fault.digestHeader(other));
      assertEquals(other, String.valueOf(source.manifest().digest()));
      setting.registry.plan(
          "/manifests/", 1, Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
      ManifestBytes silent = source.manifest();
      assertEquals(null, silent.digest());
      assertEquals(null, silent.declared());
    }
  }

  @Test
  void asksForTheKindsOfManifestItUnderstands() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      source.manifest();
      RegistryRequest request = setting.registry.requests().getFirst();
      assertEquals(
          "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
              + " application/vnd.docker.distribution.manifest.v2+json,"
              + " application/vnd.docker.distribution.manifest.list.v2+json",
          request.header("accept"));
      assertEquals(setting.registry.address(), request.header("host"));
    }
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "303", "307", "308"})
  void followsRedirectsOfEveryKind(int status) throws Exception {
    try (Setting setting = Setting.plain();
        Setting other = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan(
          "/manifests/", Fault.redirect(status, target -> other.registry.url() + target));
      assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
      assertEquals("GET", other.registry.requests().getFirst().method());
    }
  }

  @ParameterizedTest
  @CsvSource({"10, true", "11, false"})
  void boundsRedirects(int redirects, boolean accepted) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", redirects, Fault.redirect(307, target -> target));
      if (accepted) {
        source.manifest();
      } else {
        TransferException refused = assertThrows(TransferException.class, source::manifest);
        assertTrue(refused.getMessage().endsWith("more than 10 redirects"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://169.254.169.254/latest", "http://[fe80::1]/x", "http://169.254.1.1:5000/"})
  void isNotSentToTheLinkOfThisMachine(String url) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/manifests/", Fault.redirect(307, target -> url));
      TransferException refused = assertThrows(TransferException.class, source::manifest);
      assertTrue(
          refused.getMessage().endsWith("an address of this machine or its link"),
          refused.getMessage());
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void reusesOneConnectionAndReplacesOneThatTheServerClosed() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      source.manifest();
      // Answered and closed without a word, as servers do after a while.
      setting.registry.plan("/manifests/", 1, Fault.raw(""));
      source.manifest();
      assertEquals(List.of(), setting.pauses, "a stale connection is no failure");
    }
  }

  @Test
  void saysThatNobodyListensWithoutTryingForLong() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.client().build().open(Reference.parse("127.0.0.1:" + port + "/app:v1"))) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertEquals(
          "get http://127.0.0.1:"
              + port
              + "/v2/app/manifests/v1: no connection,"
              + " Connection refused",
          failed.getMessage());
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void saysThatThereIsNoSuchHost() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.client().build().open(Reference.parse("registry.invalid/app:v1"))) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertEquals(
          "get http://registry.invalid/v2/app/manifests/v1: no such host", failed.getMessage());
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void saysWhatToDoAboutACertificate() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.builder().https().start();
        ImageSource source =
            RegistryClient.builder().build().open(Reference.parse(registry.name("app", "v1")))) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertTrue(
          failed.getMessage().endsWith("pass that authority's certificate with --tls-ca"),
          failed.getMessage());
    }
  }

  @Test
  void saysWhatToDoAboutAServerWithoutTls() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start();
        ImageSource source =
            RegistryClient.builder().build().open(Reference.parse(registry.name("app", "v1")))) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertEquals(
          "get https://"
              + registry.address()
              + "/v2/app/manifests/v1: the server does not speak TLS; pass --plain-http if that is"
              + " intended",
          failed.getMessage());
    }
  }

  @Test
  void refusesACertificateForAnotherHost() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.builder().https().start();
        ImageSource source =
            RegistryClient.builder()
                .certificates(List.of(registry.certificate()))
                .build()
                .open(
                    Reference.parse(
                        registry.name("app", "v1").replace("127.0.0.1", "127.0.0.2")))) {
      assertThrows(TransferException.class, source::manifest);
      assertEquals(List.of(), registry.requests());
    }
  }
}
