package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Simple signatures that a registry keeps itself.
class KeptSignaturesTest {

  private static Setting keeping(InProcessRegistry.Builder builder) throws Exception {
    return new Setting(builder.keepsSignatures().start());
  }

  private static void keep(Setting setting, String... signatures) {
    for (String signature : signatures) {
      setting.registry.keep(
          "app",
          setting.image.digest().toString(),
          signature.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static List<String> ask(ImageSource source, Digest manifest) throws Exception {
    return source.simpleSignatures(manifest, 3, 10).stream()
        .map(signature -> new String(signature, StandardCharsets.ISO_8859_1))
        .toList();
  }

  private static List<String> ask(Setting setting) throws Exception {
    try (ImageSource source = setting.open(Setting.user("secret"))) {
      return ask(source, setting.image.digest());
    }
  }

  static Stream<InProcessRegistry.Builder> registries() {
    return Stream.of(
        InProcessRegistry.builder(),
        InProcessRegistry.builder().https(),
        InProcessRegistry.builder().basic("alice", "secret"),
        InProcessRegistry.builder().bearer("alice", "secret"));
  }

  @ParameterizedTest
  @MethodSource("registries")
  void givesThemInOrder(InProcessRegistry.Builder builder) throws Exception {
    try (Setting setting = keeping(builder)) {
      keep(setting, "one", "\u0000two\u00ff");
      assertEquals(List.of("one", "\u0000two\u00ff"), ask(setting));
    }
  }

  @Test
  void givesNotMoreAndNoneLargerThanAskedFor() throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder())) {
      keep(setting, "1", "2".repeat(11), "3".repeat(10), "4", "5");
      assertEquals(List.of("1", "3333333333", "4"), ask(setting));
    }
  }

  @Test
  void givesNoneOfAnotherManifest() throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder());
        ImageSource source = setting.open()) {
      keep(setting, "one");
      assertEquals(List.of(), ask(source, Digest.parse("sha256:" + "0".repeat(64))));
    }
  }

  @Test
  void asksOnceWhatTheRegistryCanDo() throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder());
        ImageSource source = setting.open()) {
      ask(source, setting.image.digest());
      ask(source, setting.image.digest());
      String list = "GET /extensions/v2/app/signatures/" + setting.image.digest();
      assertEquals(List.of("GET /v2/", list, list), setting.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403, 404})
  void asksForNoneWhereTheRegistryDoesNotSayThatItKeepsThem(int status) throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.plan("GET /v2/", Fault.status(status, "{}"));
      assertEquals(List.of(), ask(setting));
      assertEquals(List.of("GET /v2/"), setting.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "true", "1, 1", "2"})
  void takesNothingButOneForAYes(String said) throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.plan("GET /v2/", Fault.header("X-Registry-Supports-Signatures", said));
      assertEquals(List.of(), ask(setting));
    }
  }

  @Test
  void passesOverWhatIsOfAnotherVersionOrType() throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder())) {
      answer(
          setting,
          """
          {"signatures": [
            {"version": 1, "type": "atomic", "content": "MQ=="},
            {"version": 2, "type": "sigstore", "content": "?"},
            {"type": "atomic", "content": "Mw=="},
            {"version": 2, "type": "atomic", "content": "NA==", "name": 5, "more": []}]}
          """);
      assertEquals(List.of("4"), ask(setting));
    }
  }

  private static void answer(Setting setting, String json) {
    setting.registry.plan("/signatures/", Fault.body(json.getBytes(StandardCharsets.UTF_8)));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(body("{"), UnsafeContentException.class),
        Arguments.of(body("[]"), UnsafeContentException.class),
        Arguments.of(body("{\"signatures\": 5}"), UnsafeContentException.class),
        Arguments.of(
            body("{\"signatures\": [{\"version\": 2, \"type\": \"atomic\"}]}"),
            UnsafeContentException.class),
        Arguments.of(
            body("{\"signatures\": [{\"version\": 2, \"type\": \"atomic\", \"content\": \"?\"}]}"),
            UnsafeContentException.class),
        Arguments.of(Fault.endless(), UnsafeContentException.class),
        Arguments.of(Fault.status(404, ""), NotFoundException.class),
        Arguments.of(Fault.status(403, ""), AuthenticationException.class),
        Arguments.of(Fault.status(500, ""), TransferException.class));
  }

  private static Fault body(String json) {
    return Fault.body(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void failsWhenTheListCannotBeHad(Fault fault, Class<? extends ImageException> type)
      throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder())) {
      setting.registry.plan("/signatures/", fault);
      ImageException failed = assertThrows(type, () -> ask(setting));
      assertTrue(
          failed.getMessage().contains("signatures of " + setting.image.digest()),
          failed.getMessage());
    }
  }

  @Test
  void failsWhenTheRegistryCannotSayWhatItCanDo() throws Exception {
    try (Setting setting = keeping(InProcessRegistry.builder())) {
      setting.registry.plan("GET /v2/", Fault.status(503, ""));
      TransferException failed = assertThrows(TransferException.class, () -> ask(setting));
      assertTrue(failed.retryable());
      assertEquals(4, setting.pauses.size());
    }
  }
}
