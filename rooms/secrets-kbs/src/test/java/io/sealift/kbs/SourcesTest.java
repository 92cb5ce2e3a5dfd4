package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.secret.SecretSource;
import io.sealift.testing.guest.InProcessDataHub;
import io.sealift.wire.Code;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.DataHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path dir;

  private static String text(SecretSource source, String uri) throws Exception {
    return new String(source.read(uri, 100), UTF_8);
  }

  private static <E extends ImageException> String refusal(
      Class<E> type, SecretSource source, String uri) {
    return String.valueOf(assertThrows(type, () -> source.read(uri, 100)).getMessage());
  }

  @Test
  void theHubIsAskedForTheCanonicalUri() throws Exception {
    try (InProcessDataHub hub = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      hub.resource("default/policy/test", "p".getBytes(UTF_8));
      SecretSource source = new HubSecrets(new DataHub(hub.socket(), LONG));
      assertEquals("p", text(source, "kbs+resource:///default/policy/test"));
      assertEquals(List.of("kbs:///default/policy/test"), hub.requests());
    }
  }

  @Test
  void theHubsAnswerIsBounded() throws Exception {
    try (InProcessDataHub hub = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      hub.resource("a/b/c", new byte[101]);
      SecretSource source = new HubSecrets(new DataHub(hub.socket(), LONG));
      assertEquals(
          "read kbs:///a/b/c: 101 bytes are more than the 100 allowed",
          refusal(UnsafeContentException.class, source, "kbs:///a/b/c"));
      assertEquals(101, source.read("kbs:///a/b/c", 101).length);
    }
  }

  @Test
  void theHubsErrorsAreShown() throws Exception {
    try (InProcessDataHub hub = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      SecretSource source = new HubSecrets(new DataHub(hub.socket(), LONG));
      assertEquals(
          "read kbs:///a/b/c: call api.GetResourceService/GetResource at %s: [CDH] [ERROR]: Get Resource failed"
              .formatted(hub.socket()),
          refusal(TransferException.class, source, "kbs:///a/b/c"));
      assertEquals(
          "read file:///a: expected kbs:///REPOSITORY/TYPE/TAG",
          refusal(BadReferenceException.class, source, "file:///a"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, NotFoundException, false",
    "PERMISSION_DENIED, AuthenticationException, false",
    "UNAUTHENTICATED, AuthenticationException, false",
    "UNAVAILABLE, TransferException, true",
    "DEADLINE_EXCEEDED, TransferException, true",
    "INTERNAL, TransferException, false",
    "RESOURCE_EXHAUSTED, UnsafeContentException, false",
  })
  void theHubsErrorsHaveAMeaning(Code code, String type, boolean retryable) throws Exception {
    Services services =
        Services.builder()
            .add(
                DataHub.RESOURCE_SERVICE,
                DataHub.GET_RESOURCE,
                request -> {
                  throw new TtrpcException(code, "no");
                })
            .build();
    try (TtrpcServer server =
        TtrpcServer.listen(dir.resolve("s"), services, ServerLimits.DEFAULT)) {
      SecretSource source = new HubSecrets(new DataHub(server.socket(), LONG));
      ImageException failed =
          assertThrows(ImageException.class, () -> source.read("kbs:///a/b/c", 100));
      assertEquals(type, failed.getClass().getSimpleName());
      assertEquals(retryable, failed.retryable());
    }
  }

  @Test
  void aHubThatIsNotThereMayComeLater() {
    SecretSource source = new HubSecrets(new DataHub(dir.resolve("none"), LONG));
    TransferException failed =
        assertThrows(TransferException.class, () -> source.read("kbs:///a/b/c", 100));
    assertTrue(failed.retryable());
  }

  @Test
  void theLastFileThatHasAResourceCounts() throws Exception {
    Path keys = Files.writeString(dir.resolve("keys"), "{\"a/b/c\":\"MQ==\",\"a/b/d\":\"Mg==\"}");
    Path more = Files.writeString(dir.resolve("more"), "{\"a/b/c\":\"Mw==\"}");
    SecretSource source = new OfflineSecrets(List.of(keys, dir.resolve("missing"), more));
    assertEquals("3", text(source, "kbs:///a/b/c"));
    assertEquals("2", text(source, "kbs://somewhere:8080/a/b/d"));
    assertEquals(
        "read kbs:///a/b/e: none of the files [%s, %s, %s] has 'a/b/e'"
            .formatted(keys, dir.resolve("missing"), more),
        refusal(NotFoundException.class, source, "kbs:///a/b/e"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a/b/c\":\"hunter2!\"} | read resources FILE: 'a/b/c' is not base64",
        "{\"a/b/c\":7} | read resources FILE: /a/b/c: expected a string, found a number",
        "{\"a/b/c\":hunter2} | read resources FILE: expected a JSON object of at most 16777216 bytes",
        "[] | read resources FILE: expected a JSON object of at most 16777216 bytes",
      })
  void aFileThatIsMalformedIsNamedAndNotQuoted(String content, String message) throws Exception {
    Path file = Files.writeString(dir.resolve("keys"), content);
    BadReferenceException refused =
        assertThrows(
            BadReferenceException.class,
            () -> new OfflineSecrets(List.of(file)).read("kbs:///a/b/c", 100));
    assertEquals(message.replace("FILE", file.toString()), refused.getMessage());
    for (Throwable at = refused; at != null; at = at.getCause()) {
      assertFalse(String.valueOf(at.getMessage()).contains("hunter2"));
    }
  }

  @ParameterizedTest
  @CsvSource({"kbs:///a/b", "kbs:///a/b/c/d", "kbs+pkcs11:///a/b/c"})
  void filesHaveResourcesOnly(String uri) {
    assertEquals(
        "read %s: files have resources of the form kbs:///REPOSITORY/TYPE/TAG only".formatted(uri),
        refusal(BadReferenceException.class, new OfflineSecrets(List.of()), uri));
  }

  @Test
  void filesAreBounded() throws Exception {
    Path keys = Files.writeString(dir.resolve("keys"), "{\"a/b/c\":\"MTIz\"}");
    SecretSource source = new OfflineSecrets(List.of(keys));
    assertEquals(3, source.read("kbs:///a/b/c", 3).length);
    assertEquals(
        "read kbs:///a/b/c: 3 bytes are more than the 2 allowed",
        assertThrows(UnsafeContentException.class, () -> source.read("kbs:///a/b/c", 2))
            .getMessage());
  }

  @Test
  void theSampleKeyIsTheOneOfTheSampleBroker() throws Exception {
    SecretSource source = new SampleSecrets();
    assertEquals(
        "d99b7705b0ba7a168295b3a3367270b0dd9b371bf514ca8b9ba7f0a33711daea",
        HexFormat.of().formatHex(source.read("kbs:///default/test-key/1", 32)));
    assertThrows(UnsafeContentException.class, () -> source.read("kbs:///default/test-key/1", 31));
    assertThrows(BadReferenceException.class, () -> source.read("/default/test-key/1", 32));
  }
}
