package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.source.Place;
import io.sealift.source.TlsFiles;
import io.sealift.testing.Fault;
import io.sealift.testing.ForeignServer;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.ServerCertificate;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Registries whose settings dispense them with proof of who they are, `insecure` and
/// `skip_verify`: what that lets them do, and what not. They are on 127.0.0.1; `localhost` is
/// another host for everybody here.
class UnprovedTest {

  private final List<String> warnings = new ArrayList<>();

  /// Which setting a place has.
  enum Leave {
    INSECURE,
    SKIP_VERIFY,
    NONE;

    Place.Repository place(String url, String name) throws Exception {
      Reference reference = Reference.parse(name);
      Place.Server server =
          new Place.Server(URI.create(url + "/v2"), null, true, true, Map.of(), TlsFiles.NONE);
      return switch (this) {
        case INSECURE -> new Place.Repository(reference, true, "a test");
        case SKIP_VERIFY -> new Place.Repository(reference, true, server, "a test");
        case NONE -> new Place.Repository(reference, false, "a test");
      };
    }
  }

  private RegistryClient client(byte[]... authorities) throws Exception {
    return RegistryClient.builder()
        .pause((_, _) -> {})
        .certificates(List.of(authorities))
        .credentials(Setting.user(Setting.PASSWORD))
        .warnings(warnings::add)
        .build();
  }

  private static ImageSource open(RegistryClient client, Leave leave, InProcessRegistry registry)
      throws Exception {
    String name = registry.name("app", "v1");
    return client.open(leave.place(registry.url(), name), Reference.parse(name), true);
  }

  private static void assertGives(Setting setting, RegistryClient client, Leave leave)
      throws Exception {
    try (ImageSource source = open(client, leave, setting.registry)) {
      assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
      assertArrayEquals(setting.bytes, setting.read(source));
    }
  }

  private static <T extends ImageException> String refusal(
      Class<T> type, InProcessRegistry registry, RegistryClient client, Leave leave)
      throws Exception {
    try (ImageSource source = open(client, leave, registry)) {
      return String.valueOf(assertThrows(type, source::manifest).getMessage());
    }
  }

  private static String warning(InProcessRegistry registry, String why) {
    return registry.address()
        + " may be anybody, as its settings allow (insecure, skip_verify): "
        + why;
  }

  @ParameterizedTest
  @EnumSource(names = {"INSECURE", "SKIP_VERIFY"})
  void aCertificateThatProvesNothingIsTakenWithAWarning(Leave leave) throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      RegistryClient client = client();
      assertGives(setting, client, leave);
      assertGives(setting, client, leave);
      assertEquals(
          List.of(
              warning(
                  setting.registry,
                  "its certificate proves nothing: no trusted authority vouches for the server's certificate, issued by 'CN=localhost'; pass that authority's certificate with --tls-ca")),
          warnings);
    }
  }

  @ParameterizedTest
  @CsvSource({"another host", "ended"})
  void soIsOneOfAnotherHostOrTime(String wrong) throws Exception {
    InProcessRegistry.Builder builder =
        wrong.equals("ended")
            ? InProcessRegistry.builder().https(ServerCertificate.expired())
            : InProcessRegistry.builder().https().address("127.0.0.2");
    try (Setting setting = new Setting(builder.start())) {
      assertGives(setting, client(setting.registry.certificate()), Leave.INSECURE);
      assertEquals(1, warnings.size());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INSECURE", "SKIP_VERIFY"})
  void oneThatProvesTheRegistryIsNoMatter(Leave leave) throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      assertGives(setting, client(setting.registry.certificate()), leave);
      assertEquals(List.of(), warnings);
    }
  }

  @Test
  void whatIsLeftToOnePlaceIsNotToAnotherOfTheSameHost() throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      RegistryClient client = client();
      assertGives(setting, client, Leave.SKIP_VERIFY);
      int before = setting.registry.requests().size();
      refusal(TransferException.class, setting.registry, client, Leave.NONE);
      assertEquals(before, setting.registry.requests().size());
    }
  }

  @Test
  void aRegistryWithoutTlsIsSpokenToPlainlyWithAWarning() throws Exception {
    try (Setting setting = Setting.plain()) {
      RegistryClient client = client();
      assertGives(setting, client, Leave.INSECURE);
      assertGives(setting, client, Leave.INSECURE);
      assertEquals(List.of(warning(setting.registry, "it does not speak TLS")), warnings);
    }
  }

  /// The first words that come are no HTTP, and nobody tries again without TLS.
  @ParameterizedTest
  @EnumSource(names = {"SKIP_VERIFY", "NONE"})
  void onlyWhatIsInsecureIsSpokenToPlainly(Leave leave) throws Exception {
    try (Setting setting = Setting.plain()) {
      Place.Repository place =
          leave.place(
              setting.registry.url().replace("http:", "https:"),
              setting.registry.name("app", "v1"));
      try (ImageSource source = client().open(place, place.reference(), true)) {
        TransferException failed = assertThrows(TransferException.class, source::manifest);
        assertTrue(
            failed.getMessage().contains("the server does not speak TLS"), failed.getMessage());
      }
      assertEquals(List.of(), setting.registry.requests());
      assertEquals(List.of(), warnings);
    }
  }

  @Test
  void wherePlainHttpDoesNotHelpTlsSaysWhy() throws Exception {
    String name = "127.0.0.1:" + ForeignServer.freePort() + "/app:v1";
    Place.Repository place = Leave.INSECURE.place("", name);
    try (ImageSource source = client().open(place, place.reference(), true)) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertTrue(failed.getMessage().startsWith("get https://127.0.0.1:"), failed.getMessage());
    }
    assertEquals(List.of(), warnings);
  }

  /// Those with TLS answer 400 to those who come without.
  @Test
  void aServerThatExpectsTlsIsNotSpokenToPlainly() throws Exception {
    try (Setting setting = Setting.plain()) {
      setting.registry.plan("/v2/", Fault.status(400, "for TLS"));
      String failure = refusal(TransferException.class, setting.registry, client(), Leave.INSECURE);
      assertTrue(failure.startsWith("get https://"), failure);
      assertEquals(1, setting.registry.requests().size());
      assertEquals(List.of(), warnings);
    }
  }

  @Test
  void aRegistryThatWantsOurCertificateIsNotTakenForOneWithoutTls() throws Exception {
    try (Setting setting =
        new Setting(InProcessRegistry.builder().https().client(ServerCertificate.make()).start())) {
      String failure = refusal(ImageException.class, setting.registry, client(), Leave.INSECURE);
      assertTrue(failure.startsWith("get https://"), failure);
      assertEquals(List.of(), setting.registry.requests());
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, true", "localhost, false"})
  void whereARegistrySendsUsThereIsProofButOnItsOwnHost(String host, boolean taken)
      throws Exception {
    try (Setting storage = new Setting(InProcessRegistry.builder().https().start());
        Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      setting.registry.plan(
          "/blobs/", Fault.redirect(307, target -> at(host, storage.registry) + target));
      if (taken) {
        assertGives(setting, client(), Leave.INSECURE);
      } else {
        try (ImageSource source = open(client(), Leave.INSECURE, setting.registry)) {
          source.manifest();
          assertThrows(TransferException.class, () -> setting.read(source));
        }
        assertEquals(List.of(), storage.registry.requests());
      }
    }
  }

  private static String at(String host, InProcessRegistry registry) {
    return registry.url().replace("127.0.0.1", host);
  }

  /// Whoever is between us and a registry without proof may name any realm. PROOF is whether the
  /// registry gives one; the token server on `localhost` always does.
  @ParameterizedTest
  @CsvSource({
    "true, localhost, true",
    "true, 127.0.0.1, true",
    "false, 127.0.0.1, true",
    "false, localhost, false",
  })
  void aPasswordGoesToAForeignRealmOnlyAtTheWordOfARegistryThatProvedItself(
      boolean proof, String realm, boolean told) throws Exception {
    try (InProcessRegistry tokens =
            InProcessRegistry.builder().https().bearer("alice", Setting.PASSWORD).start();
        Setting setting =
            new Setting(
                InProcessRegistry.builder()
                    .https()
                    .tokensOf(tokens)
                    .realm(at(realm, tokens) + "/token")
                    .start())) {
      RegistryClient client =
          proof
              ? client(tokens.certificate(), setting.registry.certificate())
              : client(tokens.certificate());
      if (told) {
        assertGives(setting, client, Leave.INSECURE);
      } else {
        assertEquals(
            "log in to %s: refused to ask for a token at %s; expected the registry's own host, because the registry did not prove who it is"
                .formatted(setting.registry.url(), at(realm, tokens)),
            refusal(AuthenticationException.class, setting.registry, client, Leave.INSECURE));
        assertEquals(List.of(), tokens.requests());
      }
      assertEquals(proof, warnings.isEmpty());
    }
  }

  /// Nothing is lost with it, as long as the foreign realm proves who it is.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aTokenForAnyoneMayComeFromAForeignRealm(boolean proof) throws Exception {
    try (InProcessRegistry tokens = InProcessRegistry.builder().https().anonymousTokens().start();
        Setting setting =
            new Setting(
                InProcessRegistry.builder()
                    .https()
                    .tokensOf(tokens)
                    .realm(at("localhost", tokens) + "/token")
                    .start())) {
      RegistryClient client =
          RegistryClient.builder()
              .pause((_, _) -> {})
              .certificates(proof ? List.of(tokens.certificate()) : List.of())
              .warnings(warnings::add)
              .build();
      if (proof) {
        assertGives(setting, client, Leave.SKIP_VERIFY);
      } else {
        refusal(TransferException.class, setting.registry, client, Leave.SKIP_VERIFY);
        assertEquals(List.of(), tokens.requests());
      }
    }
  }
}
