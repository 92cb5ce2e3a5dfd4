package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may have an image: what a call says of it, in all its forms, and what the node says.
class CredentialsTest {

  private static final String PASSWORD = "correct horse battery";
  private static final String PAIR = base64("alice:" + PASSWORD);
  private static final String FILLED = base64("alice:" + PASSWORD + "\0\0\0");
  private static final String OTHER = base64("alice:wrong");

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "content").build()).build();

  @TempDir Path directory;

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A registry over TLS that the node trusts.
  private TestNode node(InProcessRegistry registry) throws IOException {
    TestNode node = new TestNode(directory, registry);
    Path certificates = directory.resolve("certs");
    Path own = Files.createDirectories(certificates.resolve(registry.address()));
    Files.write(own.resolve("ca.crt"), registry.certificate());
    node.options.certDir = certificates;
    registry.push("app", "1", IMAGE);
    return node;
  }

  private static String request(InProcessRegistry registry, String auth) {
    return TestNode.image(registry.name("app", "1"))
        + " auth { "
        + auth.replace("HERE", registry.address())
            .replace("PASSWORD", PASSWORD)
            .replace("PAIR", PAIR)
            .replace("FILLED", FILLED)
            .replace("OTHER", OTHER)
        + " }";
  }

  /// What the registry wants, what the call says, and how it ends.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic    | username: 'alice' password: 'PASSWORD' | OK",
        "basic    | auth: 'PAIR' | OK",
        "basic    | auth: 'FILLED' | OK",
        "basic    | username: 'alice' password: 'PASSWORD' auth: 'OTHER' identity_token: 'x' | OK",
        "basic    | username: 'alice' password: 'PASSWORD' server_address: 'HERE' | OK",
        "basic    | username: 'alice' password: 'PASSWORD' server_address: 'https://HERE/v2/' | OK",
        "basic    | username: 'alice' password: 'PASSWORD' server_address: 'HTTPS://HERE' | OK",
        "basic    | auth: 'PAIR' identity_token: 'x' registry_token: 'y' | OK",
        "basic    | | UNAUTHENTICATED",
        "basic    | username: 'alice' password: 'wrong' | UNAUTHENTICATED",
        "basic    | auth: 'OTHER' | UNAUTHENTICATED",
        "basic    | username: 'alice' password: 'PASSWORD' server_address: 'registry.example' | UNAUTHENTICATED",
        "basic    | username: 'alice' password: 'PASSWORD' server_address: 'HERE1' | UNAUTHENTICATED",
        "basic    | auth: 'PAIR' server_address: 'https://registry.example' | UNAUTHENTICATED",
        "basic    | username: 'al:ice' password: 'PASSWORD' | INVALID_ARGUMENT",
        "basic    | auth: 'YWxpY2U=' | INVALID_ARGUMENT",
        "basic    | auth: 'OnB3' | INVALID_ARGUMENT",
        "basic    | registry_token: 'a b' | INVALID_ARGUMENT",
        "bearer   | username: 'alice' password: 'PASSWORD' | OK",
        "bearer   | auth: 'PAIR' | OK",
        "bearer   | username: 'alice' password: 'wrong' | UNAUTHENTICATED",
        "bearer   | | UNAUTHENTICATED",
        "identity | identity_token: 'PASSWORD' | OK",
        "identity | identity_token: 'wrong' | UNAUTHENTICATED",
        "identity | identity_token: 'PASSWORD' server_address: 'registry.example' | UNAUTHENTICATED",
      })
  void aCallSaysWhoAsks(String kind, String auth, Status.Code end) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder().https();
    try (InProcessRegistry registry =
            switch (kind) {
              case "basic" -> builder.basic("alice", PASSWORD).start();
              case "bearer" -> builder.bearer("alice", PASSWORD).start();
              default -> builder.identityToken("", PASSWORD).start();
            };
        TestNode node = node(registry).started()) {
      String request = request(registry, auth == null ? "" : auth.replace('\'', '"'));
      if (end == Status.Code.OK) {
        node.client().call("PullImage", request);
        assertEquals(1, node.list().size());
      } else {
        StatusRuntimeException refused =
            assertThrows(
                StatusRuntimeException.class, () -> node.client().call("PullImage", request));
        assertEquals(end, refused.getStatus().getCode(), refused.getMessage());
        assertEquals(List.of(), node.list());
        assertFalse(String.valueOf(refused.getMessage()).contains(PASSWORD));
      }
      assertFalse(node.logged().contains(PASSWORD), node.logged());
      assertFalse(node.logged().contains(PAIR), node.logged());
    }
  }

  /// A token that a token server gave somebody is shown as it is.
  @Test
  void aTokenOfTheRegistryIsShownAsItIs() throws Exception {
    try (InProcessRegistry registry =
            InProcessRegistry.builder().https().bearer("alice", PASSWORD).start();
        TestNode node = node(registry).started()) {
      node.client().call("PullImage", request(registry, "auth: \"PAIR\""));
      String token =
          registry.requests().getLast().header("authorization").replaceFirst("^Bearer ", "");
      node.remove(registry.name("app", "1"));
      long before = tokens(registry);
      node.client().call("PullImage", request(registry, "registry_token: \"" + token + "\""));
      assertEquals(before, tokens(registry));
      assertEquals(1, node.list().size());
    }
  }

  private static long tokens(InProcessRegistry registry) {
    return registry.requests().stream().filter(asked -> asked.path().equals("/token")).count();
  }

  /// What a call says is for the registry that the image is named after, and no mirror hears it.
  @Test
  void aMirrorHearsNothingOfWhatACallSays() throws Exception {
    try (InProcessRegistry registry =
            InProcessRegistry.builder().https().basic("alice", PASSWORD).start();
        TestNode node = node(registry)) {
      node.options.registriesConf =
          node.file(
              "mirror.conf",
              """
              [[registry]]
              location = "registry.invalid"
              [[registry.mirror]]
              location = "%s"
              """
                  .formatted(registry.address()));
      node.started();
      String request =
          TestNode.image("registry.invalid/app:1") + " auth { auth: \"" + PAIR + "\" }";
      assertThrows(StatusRuntimeException.class, () -> node.client().call("PullImage", request));
      assertTrue(registry.requests().size() > 0);
      for (RegistryRequest heard : registry.requests()) {
        assertEquals("", heard.header("authorization"));
      }
    }
  }

  /// Without anything in the call the node's own file counts; credentials for another registry do
  /// not make the node ask in its own name.
  @Test
  void theNodesOwnCredentialsAreForCallsThatBringNone() throws Exception {
    try (InProcessRegistry registry =
            InProcessRegistry.builder().https().basic("alice", PASSWORD).start();
        TestNode node = node(registry)) {
      node.configure(
          Map.of(
              "authenticated_registry_credentials_uri",
              node.file(
                  "auth.json",
                  "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry.address(), PAIR))));
      node.started();
      assertThrows(
          StatusRuntimeException.class,
          () ->
              node.client()
                  .call(
                      "PullImage",
                      request(registry, "auth: \"PAIR\" server_address: \"other.example\"")));
      assertThrows(
          StatusRuntimeException.class,
          () -> node.client().call("PullImage", request(registry, "auth: \"OTHER\"")));
      node.client().call("PullImage", request(registry, ""));
      assertEquals(1, node.list().size());
    }
  }

  /// An image that is in the store, or on its way there for somebody else, is no reason to give it
  /// to a caller whom the registry would turn away.
  @Test
  void whoMayNotHaveAnImageDoesNotGetItBecauseItIsThere() throws Exception {
    try (InProcessRegistry registry =
            InProcessRegistry.builder().https().basic("alice", PASSWORD).start();
        TestNode node = node(registry).started()) {
      node.client().call("PullImage", request(registry, "auth: \"PAIR\""));
      for (String auth : List.of("", "auth: \"OTHER\"", "username: \"mallory\"")) {
        StatusRuntimeException refused =
            assertThrows(
                StatusRuntimeException.class,
                () -> node.client().call("PullImage", request(registry, auth)));
        assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
      }
    }
  }
}
