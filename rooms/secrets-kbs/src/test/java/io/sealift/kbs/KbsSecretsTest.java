package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.registry.RegistryClient;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.Messages;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KbsSecretsTest {

  private static final String URI_C = "kbs:///a/b/c";

  private static KbsSecrets secrets(URI broker, Evidence evidence) throws Exception {
    return new KbsSecrets(RegistryClient.builder().build().service(broker), evidence);
  }

  private static KbsSecrets secrets(InProcessKeyBroker broker) throws Exception {
    return secrets(broker.uri(), new SampleEvidence());
  }

  private static String text(KbsSecrets secrets, String uri) throws Exception {
    return new String(secrets.read(uri, 1000), UTF_8);
  }

  @Test
  void oneHandshakeServesManyResources() throws Exception {
    try (InProcessKeyBroker broker =
            new InProcessKeyBroker()
                .resource("resource/a/b/c", "first".getBytes(UTF_8))
                .resource("nebula-ca/x?y=z", "second".getBytes(UTF_8))
                .resource("resource/a/b/empty", new byte[0]);
        KbsSecrets secrets = secrets(broker)) {
      assertEquals("first", text(secrets, URI_C));
      assertEquals("second", text(secrets, "kbs+nebula-ca:///x?y=z"));
      assertEquals("", text(secrets, "kbs:///a/b/empty"));
      assertEquals(
          List.of(
              "POST /kbs/v0/auth",
              "POST /kbs/v0/attest",
              "GET /kbs/v0/resource/a/b/c",
              "GET /kbs/v0/nebula-ca/x?y=z",
              "GET /kbs/v0/resource/a/b/empty"),
          broker.requests());
    }
  }

  @Test
  void attestsAgainWhenTheSessionHasEnded() throws Exception {
    try (InProcessKeyBroker broker =
            new InProcessKeyBroker().resource("resource/a/b/c", "first".getBytes(UTF_8));
        KbsSecrets secrets = secrets(broker)) {
      assertEquals("first", text(secrets, URI_C));
      broker.forget();
      assertEquals("first", text(secrets, URI_C));
      assertEquals(7, broker.requests().size());
    }
  }

  @Test
  void aBaseWithAPathIsKept() throws Exception {
    try (InProcessKeyBroker broker = new InProcessKeyBroker();
        KbsSecrets secrets = secrets(URI.create(broker.uri() + "/behind/"), new SampleEvidence())) {
      NotFoundException missing =
          assertThrows(NotFoundException.class, () -> secrets.read(URI_C, 10));
      assertEquals(
          "attest this machine: the key broker says no, status 404 (PluginNotFound: no such path)",
          missing.getMessage());
      assertEquals(List.of("POST /behind/kbs/v0/auth"), broker.requests());
    }
  }

  @Test
  void aResourceThatIsMissingLooksLikeARefusal() throws Exception {
    try (InProcessKeyBroker broker = new InProcessKeyBroker();
        KbsSecrets secrets = secrets(broker)) {
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, () -> secrets.read(URI_C, 10));
      assertEquals(
          "read kbs:///a/b/c: the key broker says no, status 401 (PluginInternalError: resource"
              + " not found); ask its owner whether the resource is there and its policy lets this"
              + " machine have it",
          refused.getMessage());
      assertEquals(6, broker.requests().size());
    }
  }

  @ParameterizedTest
  @CsvSource({"sha256, SHA-256", "SHA384, SHA-384", "sha512, SHA-512"})
  void takesTheHashThatTheBrokerChose(String name, String algorithm) throws Exception {
    try (InProcessKeyBroker broker =
            new InProcessKeyBroker()
                .hash(name, algorithm)
                .resource("resource/a/b/c", "first".getBytes(UTF_8));
        KbsSecrets secrets = secrets(broker)) {
      assertEquals("first", text(secrets, URI_C));
    }
  }

  @Test
  void refusesAHashThatItDidNotOffer() throws Exception {
    try (InProcessKeyBroker broker = new InProcessKeyBroker().hash("md5", "MD5");
        KbsSecrets secrets = secrets(broker)) {
      assertEquals(
          "attest this machine: the key broker wants the hash 'md5', expected one of sha256,"
              + " sha384, sha512",
          assertThrows(AuthenticationException.class, () -> secrets.read(URI_C, 10)).getMessage());
    }
  }

  /// Evidence over something else than what was asked for.
  @Test
  void showsThatTheBrokerRefusedTheEvidence() throws Exception {
    Evidence wrong =
        new Evidence() {
          @Override
          public String tee() {
            return "sample";
          }

          @Override
          public byte[] primary(byte[] reportData) {
            return new SampleEvidence().primary(new byte[48]);
          }

          @Override
          public byte[] additional(byte[] reportData) {
            return new byte[0];
          }
        };
    try (InProcessKeyBroker broker = new InProcessKeyBroker();
        KbsSecrets secrets = secrets(broker.uri(), wrong)) {
      AuthenticationException refused =
          assertThrows(AuthenticationException.class, () -> secrets.read(URI_C, 10));
      assertTrue(
          refused
              .getMessage()
              .startsWith(
                  "attest this machine: the key broker says no, status 401 (AttestationError:"
                      + " report data does not match)"),
          refused.getMessage());
    }
  }

  @Test
  void asksTheAttestationAgentForEvidence(@TempDir Path dir) throws Exception {
    Services services =
        Services.builder()
            .add(
                AttestationAgent.SERVICE,
                AttestationAgent.GET_TEE_TYPE,
                request -> Messages.ofText("sample"))
            .add(
                AttestationAgent.SERVICE,
                AttestationAgent.GET_EVIDENCE,
                request ->
                    Messages.ofBytes(
                        new SampleEvidence().primary(Messages.bytes("request", request.payload()))))
            .add(
                AttestationAgent.SERVICE,
                AttestationAgent.GET_ADDITIONAL_EVIDENCE,
                request -> Messages.ofBytes("{\"nvidia\":\"\\u0001\n\"}".getBytes(UTF_8)))
            .build();
    try (TtrpcServer agent =
            TtrpcServer.listen(dir.resolve("aa.sock"), services, ServerLimits.DEFAULT);
        InProcessKeyBroker broker =
            new InProcessKeyBroker().resource("resource/a/b/c", "first".getBytes(UTF_8));
        KbsSecrets secrets =
            secrets(
                broker.uri(),
                new AgentEvidence(new AttestationAgent(agent.socket(), Duration.ofMinutes(1))))) {
      assertEquals("first", text(secrets, URI_C));
    }
  }

  @Test
  void saysThatTheAttestationAgentIsNotThere(@TempDir Path dir) throws Exception {
    Evidence evidence =
        new AgentEvidence(new AttestationAgent(dir.resolve("none"), Duration.ofMinutes(1)));
    try (InProcessKeyBroker broker = new InProcessKeyBroker();
        KbsSecrets secrets = secrets(broker.uri(), evidence)) {
      TransferException failed =
          assertThrows(TransferException.class, () -> secrets.read(URI_C, 10));
      assertTrue(
          String.valueOf(failed.getMessage())
              .startsWith("attest this machine: connect to %s: ".formatted(dir.resolve("none"))),
          failed.getMessage());
      assertEquals(List.of(), broker.requests());
    }
  }

  private static UnaryOperator<String> header(String from, String to) {
    return reply -> {
      String protectedHeader = reply.replaceAll(".*\"protected\":\"([^\"]*)\".*", "$1");
      String text = new String(Base64.getUrlDecoder().decode(protectedHeader), UTF_8);
      byte[] changed = text.replaceFirst(from, to).getBytes(UTF_8);
      return reply.replace(
          protectedHeader, Base64.getUrlEncoder().withoutPadding().encodeToString(changed));
    };
  }

  private static UnaryOperator<String> member(String name, String value) {
    return reply ->
        reply.replaceFirst("\"%s\":\"[^\"]*\"".formatted(name), "\"%s\":%s".formatted(name, value));
  }

  static List<Arguments> changes() {
    String changed =
        "open the key broker's reply: it is not for this machine's key, or was changed";
    String zeros = "\"" + "A".repeat(43) + "\"";
    return List.of(
        Arguments.of(member("tag", "\"" + "A".repeat(22) + "\""), changed),
        Arguments.of(member("iv", "\"" + "A".repeat(16) + "\""), changed),
        Arguments.of(member("ciphertext", "\"AAAA\""), changed),
        Arguments.of(member("encrypted_key", "\"" + "A".repeat(54) + "\""), changed),
        Arguments.of(member("encrypted_key", "\"\""), changed),
        Arguments.of(header("\"kty\":\"EC\",", ""), changed),
        Arguments.of(header("\"x\":\"[^\"]*\"", "\"x\":" + zeros), changed),
        Arguments.of(
            header("ECDH-ES\\+A256KW", "RSA1_5"),
            "open the key broker's reply: alg 'RSA1_5', expected ECDH-ES+A256KW"),
        Arguments.of(
            header("A256GCM", "A128GCM"),
            "open the key broker's reply: enc 'A128GCM', expected A256GCM"),
        Arguments.of(
            header("P-256", "P-521"),
            "open the key broker's reply: epk/crv 'P-521', expected P-256"),
        Arguments.of(
            member("iv", "\"AAAA\""),
            "read reply: expected an iv of 12 bytes and a tag of 16, found 3 and 16"),
        Arguments.of(member("tag", "\"?\""), "read reply: tag is not base64url"),
        Arguments.of(member("tag", "1"), "read reply: /tag: expected a string, found a number"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void refusesAReplyThatWasChanged(UnaryOperator<String> change, String message) throws Exception {
    try (InProcessKeyBroker broker =
            new InProcessKeyBroker()
                .resource("resource/a/b/c", "first".getBytes(UTF_8))
                .replies(change);
        KbsSecrets secrets = secrets(broker)) {
      ImageException refused = assertThrows(ImageException.class, () -> secrets.read(URI_C, 10));
      assertEquals(message, refused.getMessage());
      assertTrue(
          refused instanceof IntegrityException || refused instanceof UnsafeContentException);
    }
  }

  @Test
  void boundsWhatTheBrokerSends() throws Exception {
    try (InProcessKeyBroker broker =
            new InProcessKeyBroker().resource("resource/a/b/c", new byte[11]);
        KbsSecrets secrets = secrets(broker)) {
      assertEquals(11, secrets.read(URI_C, 11).length);
      assertEquals(
          "read kbs:///a/b/c: 11 bytes are more than the 10 allowed",
          assertThrows(UnsafeContentException.class, () -> secrets.read(URI_C, 10)).getMessage());
      broker.resource("resource/a/b/c", new byte[100_000]);
      String message =
          assertThrows(UnsafeContentException.class, () -> secrets.read(URI_C, 10)).getMessage();
      assertEquals(
          "read GET %s/kbs/v0/resource/a/b/c: more than the 16404 bytes allowed"
              .formatted(broker.uri()),
          message);
    }
  }

  /// RFC 7518, appendix C.
  @Test
  void derivesKeysAsTheStandardDoes() {
    byte[] secret =
        HexFormat.of().parseHex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4");
    assertEquals(
        "VqqN6vgjbSBcIijNcacQGg",
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                TeeKey.derive(
                    secret, "A128GCM", "Alice".getBytes(UTF_8), "Bob".getBytes(UTF_8), 128)));
  }

  @Test
  void writesJsonInItsOneForm() {
    assertEquals(
        "{\"\":\"\",\"a\":{\"b\":\"\\\"\\\\\\b\\t\\n\\f\\r\\u001f/é\u2028\"},\"é\":\"x\",\"\ud83d\ude00\":\"y\",\"\ufb33\":\"z\"}",
        new String(
            CanonicalJson.of(
                Map.of(
                    "\ufb33", "z",
                    "\ud83d\ude00", "y",
                    "é", "x",
                    "a", Map.of("b", "\"\\\b\t\n\f\r\u001f/é\u2028"),
                    "", "")),
            UTF_8));
  }

  @Test
  void publicKeysHaveCoordinatesOfFullLength() {
    for (int i = 0; i < 600; i++) {
      Map<String, String> key = new TeeKey().publicKey();
      assertEquals(43, String.valueOf(key.get("x")).length());
      assertEquals(43, String.valueOf(key.get("y")).length());
    }
    assertEquals(
        List.of("kty", "crv", "alg", "x", "y"), List.copyOf(new TeeKey().publicKey().keySet()));
  }

  @Test
  void showsNoSecretOfASession() {
    assertEquals(
        "session with a key broker",
        new Session("kbs-session-id=hunter2", new TeeKey()).toString());
    assertTrue(Arrays.equals(new byte[0], new SampleEvidence().additional(new byte[1])));
  }
}
