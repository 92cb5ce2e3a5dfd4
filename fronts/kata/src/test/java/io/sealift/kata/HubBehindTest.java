package io.sealift.kata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.guest.InProcessDataHub;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The services of a data hub, in front of one and without.
class HubBehindTest {

  @TempDir private Path dir;
  private TestGuest guest;

  @BeforeEach
  void make() throws Exception {
    guest = new TestGuest(dir);
  }

  @AfterEach
  void end() {
    guest.close();
  }

  private InProcessDataHub hub() throws Exception {
    InProcessDataHub hub = new InProcessDataHub(dir.toRealPath().resolve("run/hub.sock"));
    guest.options.add("--hub=unix://" + hub.socket());
    return hub;
  }

  private static byte[] path(String uri) {
    return new TestAgent.Writer().text(1, uri).done();
  }

  @Test
  void whatIsNotForImagesIsPassedOn() throws Exception {
    try (InProcessDataHub hub = hub().resource("default/key/1", "secret".getBytes(UTF_8))) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        TestAgent.Reply reply =
            agent.call("api.GetResourceService", "GetResource", path("kbs:///default/key/1"));
        assertEquals("0", reply.toString());
        assertEquals("secret", reply.digest());
        assertEquals(java.util.List.of("kbs:///default/key/1"), hub.requests());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          api.GetResourceService, GetResource, 13 [CDH] [ERROR]: Get Resource failed
          keyprovider.KeyProviderService, UnWrapKey, 13 [ERROR] UnwrapKey Parse request failed
          keyprovider.KeyProviderService, WrapKey, 5 /keyprovider.KeyProviderService/WrapKey is not supported
          keyprovider.KeyProviderService, Other, 12 method keyprovider.KeyProviderService/Other is not served
          other.Service, Say, 3 service other.Service is not served
          """)
  void errorsOfTheHubArePassedBackAsTheyAre(String service, String method, String reply)
      throws Exception {
    try (InProcessDataHub _ = hub()) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        assertEquals(reply, agent.call(service, method, path("kbs:///a/b/c")).toString());
      }
    }
  }

  @Test
  void whatIsForImagesIsNot() throws Exception {
    try (InProcessDataHub hub = hub()) {
      guest.push("app", "one");
      guest.start();
      try (TestAgent agent = guest.agent()) {
        assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        assertEquals(
            "12 method api.ImagePullService/Other is not served",
            agent.call("api.ImagePullService", "Other", new byte[0]).toString());
        assertEquals(java.util.List.of(), hub.requests());
      }
    }
  }

  @Test
  void aHubThatIsAwayIsAFailureAndNoMore() throws Exception {
    InProcessDataHub hub = hub();
    hub.close();
    guest.push("app", "one");
    guest.start();
    try (TestAgent agent = guest.agent()) {
      String reply =
          agent.call("api.GetResourceService", "GetResource", path("kbs:///a/b/c")).toString();
      assertTrue(
          reply.startsWith(
              "13 [CDH] [ERROR]: the data hub behind this daemon: connect to " + hub.socket()),
          reply);
      assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "api.GetResourceService, GetResource",
    "api.SealedSecretService, UnsealSecret",
    "api.SecureMountService, SecureMount",
    "keyprovider.KeyProviderService, UnWrapKey",
  })
  void withoutAHubItsServicesFail(String service, String method) throws Exception {
    guest.start();
    try (TestAgent agent = guest.agent()) {
      assertEquals(
          "13 [CDH] [ERROR]: %s is a data hub's affair, and none is behind this daemon; name its socket with --hub"
              .formatted(method),
          agent.call(service, method, new byte[0]).toString());
      assertEquals(
          "5 /keyprovider.KeyProviderService/WrapKey is not supported",
          agent.call("keyprovider.KeyProviderService", "WrapKey", new byte[0]).toString());
    }
  }

  /// What it is wrapped with does not leave the hub.
  @Test
  void keysOfEncryptedLayersAreOpenedByTheHub() throws Exception {
    byte[] key = new byte[32];
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("motd", "secret").build(), Packing.GZIP, ImageBuilder.Form.OCI);
    LayerEncryptor encryptor = new LayerEncryptor(layer, 1);
    byte[] packet =
        AnnotationPacket.gcm(
                "kbs:///default/key/app", key, new byte[12], encryptor.privateOptions())
            .version2()
            .build();
    guest.registry.push(
        "app",
        "latest",
        new ImageBuilder()
            .layer(encryptor.wrap("provider.attestation-agent", packet).build())
            .build());
    try (InProcessDataHub hub = hub()) {
      guest.start();
      try (TestAgent agent = guest.agent()) {
        String refused = agent.pull(guest.name("app"), guest.bundle("c1")).toString();
        assertTrue(
            refused.startsWith("13 [CDH] [ERROR]: ")
                && refused.contains("[CDH] [ERROR]: Decrypt Image (UnwrapKey) failed"),
            refused);
        assertFalse(Files.exists(guest.bundle("c1")));

        hub.resource("default/key/app", key);
        assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        assertEquals("secret", Files.readString(guest.bundle("c1").resolve("rootfs/motd")));
        assertTrue(
            hub.requests().stream().allMatch(request -> request.contains("keyunwrap")),
            hub.requests()::toString);
      }
    }
  }

  /// Settings of the guest's owner come from the hub.
  @Test
  void resourcesOfTheOwnerComeFromTheHub() throws Exception {
    try (InProcessDataHub hub =
        hub().resource("default/security-policy/app", TestGuest.ACCEPT.getBytes(UTF_8))) {
      guest.settings("image_security_policy_uri = 'kbs:///default/security-policy/app'");
      guest.push("app", "one");
      guest.start();
      try (TestAgent agent = guest.agent()) {
        assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        assertEquals(java.util.List.of("kbs:///default/security-policy/app"), hub.requests());
        hub.resource(
            "default/security-policy/app", "{\"default\":[{\"type\":\"reject\"}]}".getBytes(UTF_8));
        String refused = agent.pull(guest.name("app"), guest.bundle("c2")).toString();
        assertTrue(refused.startsWith("13 [CDH] [ERROR]: admit "), refused);
      }
    }
  }
}
