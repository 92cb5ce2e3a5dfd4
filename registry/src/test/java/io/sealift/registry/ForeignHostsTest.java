package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import io.sealift.registry.login.AuthFiles;
import io.sealift.registry.login.AuthPlace;
import io.sealift.registry.login.CredentialHelpers;
import io.sealift.registry.login.LoginOrder;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
      InProcessRegistry.builder().bearer("ada", "home-password").referrers(10).start();

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
    return builder(key).build();
  }

  private RegistryClient.Builder builder(String key) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("auth.json"),
            "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(key, base64("ada:home-password")));
    return RegistryClient.builder()
        .plainHttp(true)
        .pause((_, _) -> {})
        .warnings(_ -> {})
        .credentials(new AuthFiles(List.of(AuthPlace.usual(file)), CredentialHelpers.NONE));
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

  /// The request for another page would have a token.
  @Test
  void whereANextPageIsSaidToBe() throws Exception {
    for (InProcessRegistry other : others) {
      home.plan(
          "/referrers/",
          2, // without and with a token
          Fault.header("Link", "<%s/v2/ns/app/more>; rel=\"next\"".formatted(other.url())));
      try (ImageSource source = at(client(home.address()), "ns/app")) {
        Digest subject = Digest.parse(LAYER.digest(), "a digest");
        ImageException refused =
            assertThrows(ImageException.class, () -> source.referrers(subject, 10));
        assertTrue(refused.getMessage().contains("the next page is said to be on " + other.url()));
      }
      assertEquals(List.of(), other.requests());
    }
  }

  /// A registry over TLS that need not prove who it is, and does not; whom it names over TLS does.
  /// A challenge's realm gets no password, and where a redirect leads no word of it.
  @ParameterizedTest
  @ValueSource(strings = {"Bearer realm=\"URL/token\",service=\"x\"", "Basic realm=\"URL\"", ""})
  void whomARegistryWithoutProofNames(String challenge) throws Exception {
    InProcessRegistry proved = InProcessRegistry.builder().https().basic("ada", "other").start();
    others.add(proved);
    try (InProcessRegistry unproved =
        InProcessRegistry.builder().https().bearer("ada", "home-password").start()) {
      unproved.push("ns/app", "v1", new ImageBuilder().layer(LAYER).build());
      Reference name = Reference.parse(unproved.name("ns/app", "v1"));
      String url = proved.url().replace("127.0.0.1", "localhost");
      String raw = "HTTP/1.1 401 x\r\nWWW-Authenticate: " + challenge.replace("URL", url);
      unproved.plan(
          "/manifests/",
          1,
          challenge.isEmpty()
              ? Fault.redirect(307, target -> url + target)
              : Fault.raw(raw + "\r\n\r\n"));
      RegistryClient client =
          builder(unproved.address())
              .plainHttp(false)
              .certificates(List.of(proved.certificate()))
              .build();
      readAll(client.open(new Place.Repository(name, true, "insecure"), name, true));
      assertEquals(challenge.isEmpty() ? 1 : 0, proved.requests().size());
      assertTrue(
          unproved.requests().stream()
              .anyMatch(request -> request.header("authorization").contains("token-")),
          "its own realm is good enough");
    }
  }

  /// A registry that does not speak TLS, although it might.
  @Test
  void whomARegistryNamesThatIsSpokenToPlainly() throws Exception {
    for (InProcessRegistry other : others) {
      String challenge = "Bearer realm=\"" + other.url() + "/token\"";
      home.plan(
          "/manifests/",
          1,
          Fault.raw("HTTP/1.1 401 x\r\nWWW-Authenticate: " + challenge + "\r\n\r\n"));
      Reference name = Reference.parse(home.name("ns/app", "v1"));
      RegistryClient client = builder(home.address()).plainHttp(false).build();
      readAll(client.open(new Place.Repository(name, true, "insecure"), name, true));
      assertEquals(List.of(), other.requests());
    }
    assertEquals("Basic " + base64("ada:home-password"), basic());
  }

  /// A program is asked for the registry that is spoken to, and knows one of them.
  @Test
  void whatAProgramKnowsOfOneRegistry() throws Exception {
    Path asked = directory.resolve("asked");
    Path program =
        Files.writeString(
            directory.resolve("docker-credential-keeper"),
            """
            #!/bin/sh
            read -r server
            echo "$server" >>%s
            [ "$server" = %s ] && echo '{"Username":"ada","Secret":"home-password"}' && exit
            echo credentials not found in native keychain
            exit 1
            """
                .formatted(asked, home.address()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    CredentialHelpers helpers =
        new CredentialHelpers(
            Set.of("keeper"), _ -> Optional.of(program), CredentialHelpers.TIMEOUT);
    RegistryClient client =
        builder("nobody.example")
            .credentials(
                new LoginOrder(
                    () -> new LoginOrder.Order(List.of("keeper"), "a test"),
                    CredentialSource.NONE,
                    helpers))
            .build();
    Reference name = Reference.parse(home.name("ns/app", "v1"));
    List<String> expected = new ArrayList<>();
    for (InProcessRegistry other : others) {
      Reference mirror = Reference.parse(other.name("ns/app", "v1"));
      readAll(client.open(new Place.Repository(mirror, false, "mirror"), name, true));
      expected.add(other.address());
    }
    home.plan("/blobs/", Fault.redirect(307, target -> others.getFirst().url() + target));
    readAll(at(client, "ns/app"));
    expected.add(home.address());
    assertEquals(expected, Files.readAllLines(asked));
    assertEquals("Basic " + base64("ada:home-password"), basic());
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
