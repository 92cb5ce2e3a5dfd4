package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.login.AuthFiles;
import io.sealift.registry.login.AuthPlace;
import io.sealift.registry.login.CredentialHelpers;
import io.sealift.source.ImageSource;
import io.sealift.source.Place;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers on several addresses of this machine note every word that they are told: what is for one
/// of them, or for one namespace, is told to no other.
class ForeignHostsTest {

  private static final BuiltBlob LAYER =
      BuiltBlob.layer(
          new TarBuilder().file("f", "x").build(),
          io.sealift.testing.Packing.TAR,
          ImageBuilder.Form.OCI);

  /// What must be told to nobody but the registry on 127.0.0.1.
  private static final List<String> SECRETS =
      List.of("home-password", base64("ada:home-password"), "token-");

  @TempDir Path directory;
  private final List<InProcessRegistry> others = new ArrayList<>();
  private final InProcessRegistry home =
      InProcessRegistry.builder().bearer("ada", "home-password").start();

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void publish() {
    for (String address : List.of("127.0.0.2", "127.0.0.3", "::1")) {
      others.add(
          InProcessRegistry.builder()
              .address(address)
              .basic("ada", "another-password")
              .start()
              .push("ns/app", "v1", new ImageBuilder().layer(LAYER).build()));
    }
    home.push("ns/app", "v1", new ImageBuilder().layer(LAYER).build());
    home.push("other/app", "v1", new ImageBuilder().layer(LAYER).build());
  }

  @AfterEach
  void nobodyElseWasToldAnything() {
    others.forEach(InProcessRegistry::close);
    home.close();
    for (InProcessRegistry other : others) {
      for (RegistryRequest request : other.requests()) {
        String told = request + " " + request.headers() + " " + request.body();
        SECRETS.forEach(secret -> assertFalse(told.contains(secret), told));
      }
    }
  }

  /// From a file with an entry for this key, and with none for the others.
  private RegistryClient client(String key) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("auth.json"),
            "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(key, base64("ada:home-password")));
    return RegistryClient.builder()
        .plainHttp(true)
        .pause((_, _) -> {})
        .credentials(new AuthFiles(List.of(AuthPlace.usual(file)), CredentialHelpers.NONE))
        .build();
  }

  /// Everything that a pull asks for; failures do not matter.
  private static void readAll(ImageSource source) throws Exception {
    try (source) {
      for (int round = 0; round < 2; round++) {
        try {
          source.manifest();
          Setting.read(source, LAYER.descriptor());
        } catch (ImageException refused) {
          assertFalse(refused.getMessage().contains("password\""));
        }
      }
    }
  }

  private ImageSource at(RegistryClient client, String repository) throws Exception {
    return client.open(Reference.parse(home.name(repository, "v1")));
  }

  @ParameterizedTest
  @CsvSource({"/manifests/", "/blobs/", "/token"})
  void whereARedirectLeads(String part) throws Exception {
    AtomicInteger turn = new AtomicInteger();
    home.plan(
        part,
        Fault.redirect(
            307, target -> others.get(turn.getAndIncrement() % others.size()).url() + target));
    for (InProcessRegistry _ : others) {
      readAll(at(client(home.address()), "ns/app"));
    }
    others.forEach(other -> assertFalse(other.requests().isEmpty(), other.address()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer realm=\"URL/token\",service=\"x\"", "Basic realm=\"URL\""})
  void whomAChallengeNames(String challenge) throws Exception {
    for (InProcessRegistry other : others) {
      String raw = "HTTP/1.1 401 x\r\nWWW-Authenticate: " + challenge.replace("URL", other.url());
      home.plan("/v2/", 1, Fault.raw(raw + "\r\n\r\n"));
      readAll(at(client(home.address()), "ns/app"));
      assertEquals(List.of(), other.requests());
    }
  }

  @Test
  void whereAForeignLayerIs() throws Exception {
    BuiltBlob elsewhere =
        LAYER.urls(others.stream().map(other -> other.url() + "/layer").toArray(String[]::new));
    home.remove(LAYER.digest());
    try (ImageSource source = at(client(home.address()), "ns/app")) {
      source.manifest();
      try {
        Setting.read(source, elsewhere.descriptor());
      } catch (ImageException refused) {
        others.forEach(other -> assertEquals(1, other.requests().size()));
        return;
      }
    }
    throw new AssertionError("the others want a password");
  }

  @Test
  void whatIsOnlyAMirror() throws Exception {
    RegistryClient client = client(home.address());
    RegistryClient given =
        RegistryClient.builder()
            .plainHttp(true)
            .pause((_, _) -> {})
            .credentials(new Credentials("ada", "home-password".toCharArray()))
            .build();
    Reference name = Reference.parse(home.name("ns/app", "v1"));
    for (InProcessRegistry other : others) {
      Reference mirror = Reference.parse(other.name("ns/app", "v1"));
      for (RegistryClient each : List.of(client, given)) {
        readAll(each.open(new Place.Repository(mirror, false, "mirror"), name, true));
      }
      assertEquals(4, other.requests().size());
    }
  }

  /// The registry itself is told nothing on behalf of another namespace.
  @Test
  void anotherNamespaceOfTheSameRegistry() throws Exception {
    readAll(at(client(home.address() + "/other"), "ns/app"));
    assertEquals(
        List.of(),
        home.requests().stream()
            .map(request -> request.header("authorization"))
            .filter(value -> !value.isEmpty())
            .toList());
    readAll(at(client(home.address() + "/ns"), "ns/app"));
    assertEquals("Basic " + base64("ada:home-password"), basic());
  }

  private String basic() {
    return home.requests().stream()
        .map(request -> request.header("authorization"))
        .filter(value -> value.startsWith("Basic"))
        .findFirst()
        .orElse("");
  }

  /// A host is not another one because it begins or ends alike, or has the same port.
  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.0.0.1:1", "localhost:PORT", "[::1]:PORT", "7.0.0.1:PORT"})
  void anEntryOfAnotherName(String key) throws Exception {
    String port = home.address().substring(home.address().indexOf(':') + 1);
    readAll(at(client(key.replace("PORT", port)), "ns/app"));
    assertEquals("", basic());
  }
}
