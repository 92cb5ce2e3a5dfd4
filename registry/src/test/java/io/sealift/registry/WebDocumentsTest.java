package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.source.Documents;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebDocumentsTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  private static byte[] fetch(Setting setting, String path, int maxBytes) throws Exception {
    try (Documents documents =
        setting.client().credentials(Setting.user("secret")).build().documents()) {
      return documents.fetch(URI.create(setting.registry.url() + path), maxBytes);
    }
  }

  static Stream<InProcessRegistry> servers() {
    return Stream.of(
        InProcessRegistry.start(),
        InProcessRegistry.builder().https().start(),
        InProcessRegistry.builder().basic("alice", "secret").start());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void givesAFileThatEveryoneMayHaveAndNeverACredential(InProcessRegistry server) throws Exception {
    try (Setting setting = new Setting(server)) {
      server.file("/store/a=b/signature-1", HELLO);
      assertArrayEquals(HELLO, fetch(setting, "/store/a=b/signature-1", 5));
      assertEquals("", server.requests().getFirst().header("authorization"));
    }
  }

  @Test
  void keepsTheQueryAndSpeaksOfTheFileWithoutIt() throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.file("/x", HELLO).plan("/x", Fault.status(400, ""));
      TransferException failed =
          assertThrows(TransferException.class, () -> fetch(setting, "/x?token=secret", 5));
      assertEquals("/x?token=secret", setting.registry.requests().getFirst().target());
      assertEquals(
          "fetch %s/x: no reason given (status 400)".formatted(setting.registry.url()),
          failed.getMessage());
    }
  }

  @Test
  void doesNotFindWhatIsNotThere() throws Exception {
    try (Setting setting = Setting.plain()) {
      assertThrows(NotFoundException.class, () -> fetch(setting, "/nothing", 5));
      assertEquals(List.of(), setting.pauses);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void doesNotTakeAClosedDoorForAnEmptyRoom(int status) throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.file("/x", HELLO).plan("/x", Fault.status(status, ""));
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, () -> fetch(setting, "/x", 5));
      assertEquals(
          "fetch %s/x: status %d, expected 200, or 404 where there is none; let everyone read it"
              .formatted(setting.registry.url(), status),
          refused.getMessage());
    }
  }

  @Test
  void refusesMoreThanIsAllowedWithoutReadingItAll() throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.file("/x", HELLO).plan("/x", Fault.endless());
      UnsafeContentException refused =
          assertThrows(UnsafeContentException.class, () -> fetch(setting, "/x", 1000));
      assertEquals(
          "read %s/x: more than the 1000 bytes allowed".formatted(setting.registry.url()),
          refused.getMessage());
    }
  }

  @Test
  void triesAgainWhatMaySucceedLater() throws Exception {
    try (Setting setting = Setting.plain()) {
      setting
          .registry
          .file("/x", HELLO)
          .plan("/x", 1, Fault.status(503, ""))
          .plan("/x", 1, Fault.cut(2));
      assertArrayEquals(HELLO, fetch(setting, "/x", 5));
      assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(4)), setting.pauses);
    }
  }

  static Stream<Arguments> redirects() {
    return Stream.of(
        Arguments.of("/y", null),
        Arguments.of("/x", "more than 10 redirects"),
        Arguments.of("http://169.254.169.254/latest", "an address of this machine or its link"),
        Arguments.of("file:///etc/passwd", "expected a sound one of http or https"));
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void followsRedirectsByTheRulesOfRegistries(String target, String objection) throws Exception {
    try (Setting setting = Setting.plain()) {
      setting
          .registry
          .file("/x", HELLO)
          .file("/y", HELLO)
          .plan("/x", Fault.redirect(302, request -> target));
      if (objection == null) {
        assertArrayEquals(HELLO, fetch(setting, "/x", 5));
      } else {
        ImageException refused =
            assertThrows(TransferException.class, () -> fetch(setting, "/x", 5));
        assertTrue(refused.getMessage().contains(objection), refused.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host/x", "file:///x", "/x", "http:///x", "https://user:secret@host/x"})
  void refusesUrlsOfNoWebServerAndThoseWithAUser(String url) throws Exception {
    try (Documents documents = RegistryClient.builder().build().documents()) {
      BadReferenceException refused =
          assertThrows(BadReferenceException.class, () -> documents.fetch(URI.create(url), 5));
      assertTrue(
          refused.getMessage().endsWith("expected a sound URL of http or https without a user"),
          refused.getMessage());
      assertTrue(!refused.getMessage().contains("secret"), refused.getMessage());
    }
  }
}
