package io.sealift.keyprovider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.sealift.codec.JdkGzip;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.LayerKeys;
import io.sealift.crypt.WrappedKey;
import io.sealift.failure.AuthenticationException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.guest.InProcessDataHub;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderKeysTest {

  private static final byte[] OPTIONS = "{\"symkey\":\"ü\"}".getBytes(UTF_8);
  private static final WrappedKey KEY = new WrappedKey("provider.p", "wrapped".getBytes(UTF_8));
  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir private Path dir;

  private ProviderKeys keys(String config, Duration timeout, String... decryptionKeys)
      throws Exception {
    Path file =
        Files.writeString(
            dir.resolve("ocicrypt.json"), "{\"key-providers\":{\"p\":%s}}".formatted(config));
    return ProviderKeys.read(file, List.of(decryptionKeys), timeout);
  }

  private static String base64(byte[] bytes) {
    return "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
  }

  private static String integers(byte[] bytes) {
    return IntStream.range(0, bytes.length)
        .mapToObj(at -> Integer.toString(bytes[at] & 0xff))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static Speaker.Answer results(String optsdata) {
    return Speaker.Answer.of("{\"keyunwrapresults\":{\"optsdata\":%s}}".formatted(optsdata));
  }

  @ParameterizedTest
  @EnumSource
  void asksAsOcicryptDoes(Speaker.Kind kind) throws Exception {
    try (Speaker speaker = kind.start(dir, results(base64(OPTIONS)))) {
      assertEquals(
          "{\"symkey\":\"ü\"}", new String(keys(speaker.config(), LONG).unwrap(KEY), UTF_8));
      assertEquals(
          "{\"op\":\"keyunwrap\",\"keywrapparams\":{\"ec\":null,\"optsdata\":null},"
              + "\"keyunwrapparams\":{\"dc\":{\"Parameters\":{}},\"annotation\":\"d3JhcHBlZA==\"}}",
          speaker.asked());
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesArraysOfIntegersToo(Speaker.Kind kind) throws Exception {
    try (Speaker speaker = kind.start(dir, results(integers(OPTIONS)))) {
      assertEquals(
          "{\"symkey\":\"ü\"}", new String(keys(speaker.config(), LONG).unwrap(KEY), UTF_8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "provider:p, RW5hYmxlZA==",
    "provider:p:, ''",
    "provider:p:a=b::c:d, YT1iOjpjOmQ=",
  })
  void handsOverParameters(String key, String parameter) throws Exception {
    try (Speaker speaker = Speaker.Kind.TTRPC.start(dir, results(base64(OPTIONS)))) {
      keys(speaker.config(), LONG, key, "provider:p:2").unwrap(KEY);
      assertTrue(
          speaker
              .asked()
              .contains("\"dc\":{\"Parameters\":{\"p\":[\"%s\",\"Mg==\"]}}".formatted(parameter)),
          speaker.asked());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COMMAND, ask key provider p: it ended with status 3: no secret  here",
    "GRPC, ask key provider p: no secret  here (INTERNAL)",
  })
  void saysWhatTheProviderSaid(Speaker.Kind kind, String message) throws Exception {
    try (Speaker speaker = kind.start(dir, Speaker.Answer.failure("no secret\n\there"))) {
      KeyException failed =
          assertThrows(KeyException.class, () -> keys(speaker.config(), LONG).unwrap(KEY));
      assertEquals(message, failed.reason());
    }
  }

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of("", "its answer is not the JSON of a key provider"),
        Arguments.of("hunter2", "its answer is not the JSON of a key provider"),
        Arguments.of("{\"hunter2\":1", "its answer is not the JSON of a key provider"),
        Arguments.of("[]", "its answer is not the JSON of a key provider"),
        Arguments.of("{}", "its answer is not the JSON of a key provider"),
        Arguments.of(
            "{\"keyunwrapresults\":\"hunter2\"}", "its answer is not the JSON of a key provider"),
        Arguments.of("{\"keyunwrapresults\":{}}", "its answer has no keyunwrapresults/optsdata"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":null}}",
            "its answer has no keyunwrapresults/optsdata"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":7}}",
            "its answer has no keyunwrapresults/optsdata"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":\"hunter2!\"}}",
            "its answer is not the JSON of a key provider"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":[256]}}",
            "its answer has an array that is not of bytes"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":[-1]}}",
            "its answer has an array that is not of bytes"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":[1.5]}}",
            "its answer has an array that is not of bytes"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":[1,\"hunter2\"]}}",
            "its answer has an array that is not of bytes"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":\"\"}} hunter2",
            "its answer is not the JSON of a key provider"),
        Arguments.of(
            "{\"keyunwrapresults\":{\"optsdata\":\"YQ==\",\"optsdata\":\"Yg==\"}}",
            "its answer is not the JSON of a key provider"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void refusesAnAnswerWithoutQuotingIt(String answer, String reason) throws Exception {
    try (Speaker speaker = Speaker.Kind.TTRPC.start(dir, Speaker.Answer.of(answer))) {
      KeyException failed =
          assertThrows(KeyException.class, () -> keys(speaker.config(), LONG).unwrap(KEY));
      assertEquals("ask key provider p: " + reason, failed.reason());
      for (Throwable at = failed; at != null; at = at.getCause()) {
        assertFalse(String.valueOf(at.getMessage()).contains("hunter2"), at.toString());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void boundsTheAnswer(Speaker.Kind kind) throws Exception {
    String huge = "\"" + "A".repeat(Transport.MAX_ANSWER_BYTES) + "\"";
    try (Speaker speaker = kind.start(dir, results(huge))) {
      KeyException failed =
          assertThrows(KeyException.class, () -> keys(speaker.config(), LONG).unwrap(KEY));
      assertTrue(failed.reason().contains("1048576"), "the bound is named: " + failed.reason());
    }
  }

  private void script(String text) throws Exception {
    Speaker.Command.script(dir, text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 0 | ask key provider p: its answer is not the JSON of a key provider",
        "exit 7 | ask key provider p: it ended with status 7: it said nothing",
        "cat; echo sorry >&2; exit 1 | ask key provider p: it ended with status 1: sorry",
        "yes | ask key provider p: its answer has more than the 1048576 bytes allowed",
        "kill -9 $$ | ask key provider p: it ended with status 137: it said nothing",
      })
  void aCommandThatFailsSaysWhy(String text, String message) throws Exception {
    script(text);
    KeyException failed =
        assertThrows(KeyException.class, () -> keys(Speaker.Command.config(dir), LONG).unwrap(KEY));
    assertEquals(message, failed.reason());
  }

  @Test
  void boundsWhatACommandSaysOfItsFailure() throws Exception {
    script("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");
    KeyException failed =
        assertThrows(KeyException.class, () -> keys(Speaker.Command.config(dir), LONG).unwrap(KEY));
    assertEquals("ask key provider p: it ended with status 1: " + "x".repeat(500), failed.reason());
  }

  @Test
  void answersFromACommandThatDoesNotReadItsInput() throws Exception {
    script("echo '{\"keyunwrapresults\":{\"optsdata\":\"YQ==\"}}'");
    WrappedKey large = new WrappedKey("provider.p", new byte[1_000_000]);
    assertEquals("a", new String(keys(Speaker.Command.config(dir), LONG).unwrap(large), UTF_8));
  }

  @Test
  void saysThatACommandCannotBeStarted() throws Exception {
    KeyException failed =
        assertThrows(
            KeyException.class,
            () -> keys("{\"cmd\":{\"path\":\"/none/such\"}}", LONG).unwrap(KEY));
    assertTrue(
        failed.reason().startsWith("ask key provider p: it could not be started: "),
        failed.reason());
  }

  /// The processes of a script that runs until somebody ends it, itself and one of its own.
  private List<ProcessHandle> started() throws Exception {
    List<ProcessHandle> processes = List.of();
    while (processes.size() < 2) {
      processes =
          ProcessHandle.current()
              .descendants()
              .filter(process -> process.info().commandLine().orElse("").contains(dir.toString()))
              .toList();
      Thread.onSpinWait();
    }
    return processes;
  }

  @Test
  void killsACommandThatTakesTooLong() throws Exception {
    script("echo $$ >\"$1/pid\"; mkfifo \"$1/never\"; read line <\"$1/never\"");
    KeyException failed =
        assertThrows(
            KeyException.class,
            () -> keys(Speaker.Command.config(dir), Duration.ofSeconds(1)).unwrap(KEY));
    assertEquals("ask key provider p: it did not end within 1 seconds", failed.reason());
    long pid = Long.parseLong(Files.readString(dir.resolve("pid")).strip());
    // Waits for ever where the process lives.
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }

  @Test
  void killsACommandThatNobodyWaitsForAnyMore() throws Exception {
    script("mkfifo \"$1/never\"; cat \"$1/never\" & read line <\"$1/never\"");
    ProviderKeys keys = keys(Speaker.Command.config(dir), LONG);
    Thread[] caller = new Thread[1];
    Throwable[] thrown = new Throwable[1];
    caller[0] =
        Thread.ofVirtual()
            .start(() ->
                thrown[0] = assertThrows(InterruptedIOException.class, () -> keys.unwrap(KEY)));
    List<ProcessHandle> processes = started();
    caller[0].interrupt();
    caller[0].join();
    assertEquals(InterruptedIOException.class, Objects.requireNonNull(thrown[0]).getClass());
    processes.forEach(process -> process.onExit().join());
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    KeyException grpc =
        assertThrows(
            KeyException.class,
            () -> keys("{\"grpc\":\"127.0.0.1:%d\"}".formatted(port), LONG).unwrap(KEY));
    assertTrue(grpc.reason().endsWith("(UNAVAILABLE)"), grpc.reason());
    Path none = dir.resolve("none.sock");
    KeyException ttrpc =
        assertThrows(
            KeyException.class,
            () -> keys("{\"ttrpc\":\"unix://%s\"}".formatted(none), LONG).unwrap(KEY));
    assertTrue(
        ttrpc.reason().startsWith("ask key provider p: connect to %s: ".formatted(none)),
        ttrpc.reason());
    assertTrue(ttrpc.reason().endsWith("(UNAVAILABLE)"), ttrpc.reason());
  }

  @Test
  void givesUpAServiceThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      KeyException failed =
          assertThrows(
              KeyException.class,
              () ->
                  keys(
                          "{\"grpc\":\"127.0.0.1:%d\"}".formatted(silent.getLocalPort()),
                          Duration.ofMillis(300))
                      .unwrap(KEY));
      assertTrue(failed.reason().endsWith("(DEADLINE_EXCEEDED)"), failed.reason());
    }
  }

  @Test
  void givesUpAServiceThatSpeaksSomethingElse() throws Exception {
    try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> served =
          threads.submit(() -> {
            try (Socket socket = web.accept()) {
              socket.getOutputStream().write("HTTP/1.1 400 no\r\n\r\n".getBytes(UTF_8));
              // Closing with something unread would take the answer back.
              socket.getInputStream().readAllBytes();
            }
            return null;
          });
      KeyException failed =
          assertThrows(
              KeyException.class,
              () ->
                  keys("{\"grpc\":\"127.0.0.1:%d\"}".formatted(web.getLocalPort()), LONG)
                      .unwrap(KEY));
      assertTrue(
          failed
              .reason()
              .startsWith(
                  "ask key provider p: http2 exception: First received frame was not SETTINGS"),
          failed.reason());
      served.get();
    }
  }

  @Test
  void speaksTlsWithBothSidesProved() throws Exception {
    ServerCertificate server = ServerCertificate.make();
    ServerCertificate client = ServerCertificate.make();
    Path serverPem = Files.writeString(dir.resolve("s.pem"), server.pem());
    Path serverKey = Files.writeString(dir.resolve("s.key"), server.keyPem());
    Path clientPem = Files.writeString(dir.resolve("c.pem"), client.pem());
    Path clientKey = Files.writeString(dir.resolve("c.key"), client.keyPem());
    ServerCredentials credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(serverPem.toFile(), serverKey.toFile())
            .trustManager(clientPem.toFile())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build();
    String own = "\"cert-file\":\"%s\",\"key-file\":\"%s\"".formatted(clientPem, clientKey);
    String trusted = "\"root-ca-file\":\"%s\",".formatted(serverPem);
    try (Speaker.Grpc speaker = new Speaker.Grpc(results(base64(OPTIONS)), credentials)) {
      String grpc = "{\"grpc\":\"127.0.0.1:%d\",\"grpc-tls\":{%s}}";
      for (String sound :
          List.of(
              trusted + own,
              trusted + "\"server-name\":\"localhost\"," + own,
              "\"insecure-skip-verify\":true," + own)) {
        assertEquals(
            OPTIONS.length,
            keys(grpc.formatted(speaker.port(), sound), LONG).unwrap(KEY).length,
            sound);
      }
      for (String unsound :
          List.of(
              own,
              trusted + "\"server-name\":\"example.org\"," + own,
              trusted + "\"server-name\":\"\"")) {
        KeyException failed =
            assertThrows(
                KeyException.class,
                () -> keys(grpc.formatted(speaker.port(), unsound), LONG).unwrap(KEY),
                unsound);
        assertTrue(failed.reason().endsWith("(UNAVAILABLE)"), failed.reason());
      }
      KeyException plain =
          assertThrows(KeyException.class, () -> keys(speaker.config(), LONG).unwrap(KEY));
      assertTrue(plain.reason().endsWith("(UNAVAILABLE)"), plain.reason());
    }
  }

  @Test
  void opensALayerThroughTheDataHub() throws Exception {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    byte[] tar = new TarBuilder().file("motd", "hello").build();
    LayerEncryptor encryptor =
        new LayerEncryptor(BuiltBlob.layer(tar, Packing.GZIP, ImageBuilder.Form.OCI), 1);
    BuiltBlob layer =
        encryptor
            .wrap(
                "provider.attestation-agent",
                AnnotationPacket.gcm(
                        "kbs:///default/key/1", key, new byte[12], encryptor.privateOptions())
                    .build())
            .build();
    Path layout =
        new LayoutWriter()
            .add(new ImageBuilder().layer(layer).build())
            .writeTo(dir.resolve("layout"));
    try (InProcessDataHub hub = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      Path config =
          Files.writeString(
              dir.resolve("ocicrypt.json"),
              "{\"key-providers\":{\"attestation-agent\":{\"ttrpc\":\"unix://%s\"}}}"
                  .formatted(hub.socket()));
      ImageClient client =
          ImageClient.builder()
              .sources(name -> LayoutSource.directory(layout, null))
              .policy(Policy.insecureAcceptAnything("the test"))
              .snapshotter(new PlainSnapshotter())
              .workDir(dir.resolve("store"))
              .decompressors(List.of(new JdkGzip()))
              .keys(new LayerKeys(List.of(ProviderKeys.read(config, List.of()))))
              .build();
      ImageName image = ImageName.parse("oci:" + layout);
      AuthenticationException refused =
          assertThrows(
              AuthenticationException.class,
              () ->
                  client.unpack(
                      image, Platform.host(), dir.resolve("none"), ProgressListener.NONE));
      assertTrue(
          refused
              .getMessage()
              .contains(
                  ("provider.attestation-agent: ask key provider attestation-agent: call"
                          + " keyprovider.KeyProviderService/UnWrapKey at %s: [CDH] [ERROR]:"
                          + " Decrypt Image (UnwrapKey) failed (INTERNAL)")
                      .formatted(hub.socket())),
          refused.getMessage());
      hub.resource("default/key/1", key);
      client.unpack(image, Platform.host(), dir.resolve("root"), ProgressListener.NONE);
      assertEquals("hello", Files.readString(dir.resolve("root/motd")));
    }
  }
}
