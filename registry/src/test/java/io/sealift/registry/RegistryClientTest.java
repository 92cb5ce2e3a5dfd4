package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.RegistryRequest;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("try") // streams are closed from outside on purpose
class RegistryClientTest {

  /// Several reads and a good place to break.
  private static final byte[] CONTENT = content();

  private static final BuiltImage IMAGE = new ImageBuilder().layer(CONTENT, Packing.TAR).build();

  private final List<Duration> pauses = new ArrayList<>();

  private static byte[] content() {
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private RegistryClient.Builder plain() {
    return RegistryClient.builder()
        .plainHttp(true)
        .pause((delay, cancellation) -> pauses.add(delay));
  }

  private static Credentials user(String password) {
    return new Credentials("user", password.toCharArray());
  }

  private static ImageSource open(RegistryClient client, InProcessRegistry registry)
      throws ImageException {
    return client.open(Reference.parse(registry.name("app", "v1")));
  }

  private static byte[] manifest(RegistryClient client, InProcessRegistry registry)
      throws Exception {
    try (ImageSource source = open(client, registry)) {
      return source.manifest().bytes();
    }
  }

  private static byte[] layer(RegistryClient client, InProcessRegistry registry, long offset)
      throws Exception {
    Descriptor layer = IMAGE.layers().getFirst().descriptor();
    try (ImageSource source = open(client, registry);
        BlobStream stream = ((LayerSource.Ranged) source).open(layer, offset)) {
      return readAll(stream);
    }
  }

  private static byte[] readAll(BlobStream stream) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocateDirect(50_000);
    while (stream.read(buffer) >= 0) {
      byte[] part = new byte[buffer.flip().remaining()];
      buffer.get(part);
      all.write(part);
      buffer.clear();
    }
    return all.toByteArray();
  }

  @Test
  void givesTheManifestWithItsTypeAndDigest() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE);
        ImageSource source = open(plain().build(), registry)) {
      var manifest = source.manifest();
      assertArrayEquals(IMAGE.document().bytes(), manifest.bytes());
      assertEquals(IMAGE.digest(), manifest.digest());
      assertEquals(
          "application/vnd.oci.image.manifest.v1+json", String.valueOf(manifest.declared()));
      assertEquals(registry.url() + "/v2/app", source.place());
    }
  }

  @Test
  void speaksToAnAddressOfIpv6AndSaysWhoAsks() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().address("::1").start().push("app", "v1", IMAGE)) {
      assertTrue(registry.address().startsWith("[::1]:"), registry.address());
      assertArrayEquals(CONTENT, layer(plain().build(), registry, 0));
      for (RegistryRequest request : registry.requests()) {
        assertEquals(registry.address(), request.header("host"));
        assertEquals("sealift/0.1", request.header("user-agent"));
      }
    }
  }

  /// What may go wrong with a blob's answers without harm.
  static Stream<Arguments> mishaps() {
    return Stream.of(
        Arguments.of("nothing", Fault.header("X-Nothing", "1"), 0),
        Arguments.of("chunks", Fault.chunked(7777), 0),
        Arguments.of("no length", Fault.untilClose(), 0),
        Arguments.of("cut early", Fault.cut(1000), 1),
        Arguments.of("cut late", Fault.cut(2_000_001), 1),
        Arguments.of("status 500", Fault.status(500, "oops"), 1),
        Arguments.of("status 503", Fault.error(503, "UNAVAILABLE", "later"), 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mishaps")
  void readsABlobDespite(String name, Fault fault, int tries) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", 1, fault);
      assertArrayEquals(CONTENT, layer(plain().build(), registry, 0));
      assertEquals(tries, pauses.size());
    }
  }

  @Test
  void asksOnlyForWhatIsMissing() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", 1, Fault.cut(1_500_000));
      assertArrayEquals(CONTENT, layer(plain().build(), registry, 0));
      assertEquals("bytes=1500000-", registry.requests().getLast().header("range"));
    }
  }

  @Test
  void beginsAnewWhereTheServerIgnoresRanges() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", 1, Fault.cut(1_500_000)).plan("/blobs/", Fault.ignoreRange());
      assertArrayEquals(CONTENT, layer(plain().build(), registry, 0));
    }
  }

  @Test
  void beginsInTheMiddle() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      byte[] end = layer(plain().build(), registry, 2_999_990);
      assertArrayEquals(java.util.Arrays.copyOfRange(CONTENT, 2_999_990, 3_000_000), end);
    }
  }

  @Test
  void doublesTheDelaysAndGivesUp() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/manifests/", Fault.error(503, "UNAVAILABLE", "later"));
      RegistryClient client = plain().build();
      TransferException failure =
          assertThrows(TransferException.class, () -> manifest(client, registry));
      assertTrue(failure.getMessage().contains("UNAVAILABLE: later (status 503)"));
      assertEquals(
          List.of(
              Duration.ofSeconds(2),
              Duration.ofSeconds(4),
              Duration.ofSeconds(8),
              Duration.ofSeconds(16)),
          pauses);
    }
  }

  @Test
  void waitsAsLongAsTheServerAsksButNoMoreThanAMinute() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/manifests/", 1, Fault.tooMany("7"));
      registry.plan("/manifests/", 1, Fault.tooMany("999999999"));
      assertArrayEquals(IMAGE.document().bytes(), manifest(plain().build(), registry));
      assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(60)), pauses);
    }
  }

  /// What must end a manifest's fetch, and how.
  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            Fault.error(404, "MANIFEST_UNKNOWN", "no\\u0007such"),
            NotFoundException.class,
            "MANIFEST_UNKNOWN: no?such (status 404)"),
        Arguments.of(
            Fault.error(403, "DENIED", "not you"),
            AuthenticationException.class,
            "DENIED: not you"),
        Arguments.of(Fault.status(418, "tea"), TransferException.class, "status 418"),
        Arguments.of(
            Fault.raw("hello\r\n\r\n"), TransferException.class, "not an answer of HTTP/1"),
        Arguments.of(
            Fault.raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
            TransferException.class,
            "a length that is no number"),
        Arguments.of(
            Fault.raw("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"),
            TransferException.class,
            "a line of more than 16384 bytes"),
        Arguments.of(
            Fault.raw("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(300) + "\r\n"),
            TransferException.class,
            "more than 128 headers"),
        Arguments.of(
            Fault.endless(), UnsafeContentException.class, "more than the 4194304 bytes allowed"),
        Arguments.of(
            Fault.digestHeader("sha256:../../x"),
            UnsafeContentException.class,
            "read digest of manifest v1 of "),
        Arguments.of(
            Fault.redirect(307, target -> "ftp://127.0.0.1/x"),
            TransferException.class,
            "expected a sound one of http or https"),
        Arguments.of(
            Fault.redirect(307, target -> target),
            TransferException.class,
            "more than 10 redirects"),
        Arguments.of(
            Fault.redirect(302, target -> "http://169.254.169.254/latest"),
            TransferException.class,
            "an address of this machine or its link"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(Fault fault, Class<? extends ImageException> kind, String words) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/manifests/", fault);
      RegistryClient client = plain().build();
      ImageException failure = assertThrows(kind, () -> manifest(client, registry));
      assertTrue(failure.getMessage().contains(words), failure.getMessage());
    }
  }

  @Test
  void refusesAPartThatWasNotAskedFor() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", Fault.contentRange("bytes 5-99/3000000"));
      RegistryClient client = plain().build();
      TransferException failure =
          assertThrows(TransferException.class, () -> layer(client, registry, 10));
      assertTrue(
          failure.getMessage().endsWith("expected the bytes from 10 to 2999999, got another part"),
          failure.getMessage());
    }
  }

  @Test
  void logsInWithBasicCredentialsOnlyWhenAsked() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().basic("user", "secret").start().push("app", "v1", IMAGE)) {
      RegistryClient client = plain().credentials(user("secret")).build();
      assertArrayEquals(IMAGE.document().bytes(), manifest(client, registry));
      assertEquals("", registry.requests().getFirst().header("authorization"));
    }
  }

  @Test
  void getsATokenAndUsesItAgain() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().bearer("user", "secret").start().push("app", "v1", IMAGE)) {
      RegistryClient client = plain().credentials(user("secret")).build();
      assertArrayEquals(CONTENT, layer(client, registry, 0));
      RegistryRequest token =
          registry.requests().stream().filter(r -> r.path().equals("/token")).findFirst().get();
      assertTrue(token.target().contains("scope=repository%3Aapp%3Apull"), token.target());
      assertTrue(token.target().contains("account=user"), token.target());
    }
  }

  @Test
  void getsATokenAnonymously() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().anonymousTokens().start().push("app", "v1", IMAGE)) {
      assertArrayEquals(IMAGE.document().bytes(), manifest(plain().build(), registry));
    }
  }

  @Test
  void getsANewTokenWhenTheOldOneIsGoneBad() throws Exception {
    try (InProcessRegistry registry =
            InProcessRegistry.builder().bearer("user", "secret").start().push("app", "v1", IMAGE);
        ImageSource source = open(plain().credentials(user("secret")).build(), registry)) {
      source.manifest();
      registry.revokeTokens();
      assertArrayEquals(IMAGE.document().bytes(), source.manifest().bytes());
    }
  }

  @Test
  void saysWhatToDoAboutMissingCredentials() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().basic("user", "secret").start().push("app", "v1", IMAGE)) {
      RegistryClient client = plain().build();
      AuthenticationException failure =
          assertThrows(AuthenticationException.class, () -> manifest(client, registry));
      assertEquals(
          "log in to %s: the registry wants credentials; pass --creds USER:PASSWORD"
              .formatted(registry.url()),
          failure.getMessage());
    }
  }

  @Test
  void neverShowsAPassword() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().basic("user", "secret").start().push("app", "v1", IMAGE)) {
      Credentials wrong = user("hunter2");
      RegistryClient client = plain().credentials(wrong).build();
      AuthenticationException failure =
          assertThrows(AuthenticationException.class, () -> manifest(client, registry));
      assertFalse(failure.toString().contains("hunter2"));
      assertFalse(wrong.toString().contains("hunter2"));
    }
  }

  @Test
  void sendsNoCredentialsToAnotherServer() throws Exception {
    try (InProcessRegistry storage = InProcessRegistry.start().push("app", "v1", IMAGE);
        InProcessRegistry registry =
            InProcessRegistry.builder().basic("user", "secret").start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", Fault.redirect(307, target -> storage.url() + target));
      RegistryClient client = plain().credentials(user("secret")).build();
      try (ImageSource source = open(client, registry)) {
        source.manifest(); // so that the credentials are in use
        try (BlobStream stream = source.open(IMAGE.layers().getFirst().descriptor())) {
          assertArrayEquals(CONTENT, readAll(stream));
        }
      }
      assertEquals("", storage.requests().getLast().header("authorization"));
    }
  }

  @Test
  void asksNoTokenServerOverPlainHttpForARegistryOverTls() throws Exception {
    try (InProcessRegistry tokens = InProcessRegistry.start();
        InProcessRegistry registry =
            InProcessRegistry.builder()
                .https()
                .bearer("user", "secret")
                .realm(tokens.url() + "/token")
                .start()
                .push("app", "v1", IMAGE)) {
      RegistryClient client =
          RegistryClient.builder()
              .certificates(List.of(registry.certificate()))
              .credentials(user("secret"))
              .build();
      assertThrows(AuthenticationException.class, () -> manifest(client, registry));
      assertEquals(List.of(), tokens.requests());
    }
  }

  @Test
  void trustsOverTlsOnlyWhomItIsToldTo() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().https().start().push("app", "v1", IMAGE)) {
      RegistryClient told =
          RegistryClient.builder().certificates(List.of(registry.certificate())).build();
      assertArrayEquals(CONTENT, layer(told, registry, 0));
      RegistryClient untold =
          RegistryClient.builder().pause((delay, cancellation) -> pauses.add(delay)).build();
      assertThrows(TransferException.class, () -> manifest(untold, registry));
      assertEquals(List.of(), pauses);
    }
  }

  @Test
  void neverGoesFromTlsToPlainHttp() throws Exception {
    try (InProcessRegistry storage = InProcessRegistry.start().push("app", "v1", IMAGE);
        InProcessRegistry registry =
            InProcessRegistry.builder().https().start().push("app", "v1", IMAGE)) {
      registry.plan("/manifests/", Fault.redirect(302, target -> storage.url() + target));
      RegistryClient client =
          RegistryClient.builder().certificates(List.of(registry.certificate())).build();
      TransferException failure =
          assertThrows(TransferException.class, () -> manifest(client, registry));
      assertTrue(failure.getMessage().contains("redirected from HTTPS"), failure.getMessage());
      assertEquals(List.of(), storage.requests());
    }
  }

  @Test
  void fetchesForeignLayersElsewhereWithoutCredentials() throws Exception {
    try (InProcessRegistry elsewhere = InProcessRegistry.start();
        InProcessRegistry registry =
            InProcessRegistry.builder().basic("user", "secret").start().push("app", "v1", IMAGE)) {
      elsewhere.pushBlob(CONTENT);
      registry.remove(IMAGE.layers().getFirst().digest());
      String url = elsewhere.url() + "/v2/any/blobs/" + IMAGE.layers().getFirst().digest();
      Descriptor foreign = IMAGE.layers().getFirst().urls(url).descriptor();
      try (ImageSource source = open(plain().credentials(user("secret")).build(), registry);
          BlobStream stream = source.open(foreign)) {
        assertArrayEquals(CONTENT, readAll(stream));
      }
      assertEquals("", elsewhere.requests().getLast().header("authorization"));
    }
  }

  @Test
  void givesUpAServerThatSaysNothing() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", Fault.stall(1000));
      RegistryClient client =
          plain().timeouts(new Timeouts(Duration.ofSeconds(60), Duration.ofMillis(50))).build();
      TransferException failure =
          assertThrows(TransferException.class, () -> layer(client, registry, 0));
      assertTrue(failure.getMessage().endsWith("timed out"), failure.getMessage());
    }
  }

  /// Ways to end a read that waits.
  static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of("closing", TransferException.class),
        Arguments.of("closing all", TransferException.class),
        Arguments.of("interruption", InterruptedIOException.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void aWaitingReadIsEndedBy(String name, Class<? extends Exception> kind) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      registry.plan("/blobs/", Fault.stall(1000));
      try (ImageSource source = open(plain().build(), registry);
          BlobStream stream = source.open(IMAGE.layers().getFirst().descriptor())) {
        CountDownLatch began = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader =
            Thread.ofPlatform()
                .start(() -> {
                  ByteBuffer buffer = ByteBuffer.allocate(CONTENT.length);
                  try {
                    while (stream.read(buffer) >= 0) {
                      if (buffer.position() == 1000) {
                        began.countDown();
                      }
                    }
                  } catch (Throwable ended) {
                    thrown.set(ended);
                  }
                });
        began.await();
        switch (name) {
          case "closing" -> stream.close();
          case "closing all" -> source.close();
          default -> reader.interrupt();
        }
        reader.join();
        assertInstanceOf(kind, thrown.get());
      }
    }
  }
}
