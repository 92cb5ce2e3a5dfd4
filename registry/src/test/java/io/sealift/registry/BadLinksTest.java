package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.TransferException;
import io.sealift.oci.Reference;
import io.sealift.registry.DistantMachine.Cut;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.Place;
import io.sealift.source.PlacesSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ForeignServer;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.verify.JcaHashing;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The registry that Docker made, on a machine behind a bad link: an image comes whole, or it is
/// told where it was looked for and why it does not.
@Tag("peers")
@Tag("root")
class BadLinksTest {

  /// Bytes of the layer: more than the kernel keeps for a reader before the link is cut.
  private static final int SIZE = 4_000_000;

  /// Bytes that are read before that.
  private static final int BEFORE = 1_000_000;

  /// Two and a half megabytes a second.
  private static final String RATE = "20mbit";

  private static final Timeouts HASTY =
      new Timeouts(Duration.ofMillis(1500), Duration.ofMillis(1500));

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("a", random()).build(), Packing.GZIP).build();

  private static final byte[] LAYER = IMAGE.layers().getFirst().bytes();

  @TempDir static Path scratch;
  private DistantMachine machine;
  private ForeignServer server;

  private static byte[] random() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @BeforeAll
  static void fill() throws Exception {
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(scratch.resolve("layout"));
    try (DockerRegistry registry = DockerRegistry.start(scratch)) {
      registry.push(layout, "app");
    }
  }

  @BeforeEach
  void connect() throws Exception {
    machine = new DistantMachine();
    int port = ForeignServer.freePort();
    Path settings =
        Files.writeString(
            scratch.resolve("distant.yml"),
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "%s:%d"}
            """
                .formatted(scratch.resolve("registry"), machine.address(), port));
    server =
        ForeignServer.start(
            machine.address(),
            port,
            scratch.resolve("distant.log"),
            machine.there("docker-registry", "serve", settings.toString()));
  }

  @AfterEach
  void disconnect() throws Exception {
    if (server != null) {
      server.close();
    }
    machine.close();
  }

  private String name() {
    return server.address() + "/app:v1";
  }

  private static RegistryClient.Builder client() {
    return RegistryClient.builder().plainHttp(true).pause((_, _) -> {});
  }

  private void assertGives(RegistryClient.Builder client) throws Exception {
    try (ImageSource source = client.build().open(Reference.parse(name()))) {
      assertArrayEquals(IMAGE.document().bytes(), source.manifest().bytes());
      assertArrayEquals(LAYER, Setting.read(source, IMAGE.layers().getFirst().descriptor()));
    }
  }

  @Test
  void packetsThatAreLostDoNotMatter() throws Exception {
    machine.lose(5);
    assertGives(client());
    assertTrue(machine.lost() > 0, "none was");
  }

  @Test
  void aNarrowLinkIsWaitedFor() throws Exception {
    machine.limit("30mbit");
    assertGives(client());
    assertTrue(machine.held() > 0, "nothing was held back");
  }

  /// Reads the layer, doing something once a part of it is here.
  private static byte[] read(ImageSource source, ThrowingRunnable afterAPart) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(LAYER.length + 1);
    try (BlobStream stream = source.open(IMAGE.layers().getFirst().descriptor())) {
      bytes.limit(BEFORE);
      while (bytes.hasRemaining()) {
        stream.read(bytes);
      }
      afterAPart.run();
      bytes.limit(bytes.capacity());
      while (stream.read(bytes) >= 0) {}
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  /// The time-out of a read notices; the pause before the next try is when the link is mended.
  @ParameterizedTest
  @EnumSource
  void aLinkThatIsCutAndMendedCostsNoByteTwice(Cut how) throws Exception {
    machine.limit(RATE);
    RegistryClient client =
        RegistryClient.builder().plainHttp(true).timeouts(HASTY).pause((_, _) -> mend()).build();
    try (ImageSource source = client.open(Reference.parse(name()))) {
      source.manifest();
      assertArrayEquals(LAYER, read(source, () -> machine.cut(how)));
    }
    assertTrue(
        Pattern.compile("\"GET /v2/app/blobs/sha256:[0-9a-f]+ HTTP/1.1\" 206 ")
            .matcher(server.said())
            .find(),
        server.said());
  }

  private void mend() {
    try {
      machine.mend();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLinkThatStaysCutIsToldOf(Cut how) throws Exception {
    machine.limit(RATE);
    RegistryClient client =
        client().timeouts(HASTY).retries(new Retries(2, Duration.ZERO, Duration.ZERO)).build();
    try (ImageSource source = client.open(Reference.parse(name()))) {
      source.manifest();
      TransferException failed =
          assertThrows(TransferException.class, () -> read(source, () -> machine.cut(how)));
      assertTrue(
          failed.getMessage().contains(server.address())
              && failed.getMessage().contains(how == Cut.DOWN ? "No route to host" : "timed out"),
          failed.getMessage());
    }
  }

  /// Two places: the distant one, and one on this machine that has the image too, or is not there.
  private ImageSource places(RegistryClient client, String other) throws Exception {
    Reference name = Reference.parse("registry.example/app:v1");
    List<Place> places =
        List.of(
            new Place.Repository(Reference.parse(name()), false, "distant"),
            new Place.Repository(Reference.parse(other), false, "near"));
    return PlacesSource.of(
        name,
        places,
        (place, last) -> client.open((Place.Repository) place, name, last),
        new JcaHashing());
  }

  @ParameterizedTest
  @EnumSource
  void theNextPlaceGoesOnWhereTheLinkWasCut(Cut how) throws Exception {
    machine.limit(RATE);
    try (InProcessRegistry near = InProcessRegistry.start().push("app", "v1", IMAGE);
        ImageSource source = places(client().timeouts(HASTY).build(), near.name("app", "v1"))) {
      source.manifest();
      assertArrayEquals(LAYER, read(source, () -> machine.cut(how)));
      assertEquals(1, near.requests().size());
      String range = near.requests().getFirst().header("range");
      long from = Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
      assertTrue(from >= BEFORE, range);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whenNoPlaceIsLeftEachIsToldOf(Cut how) throws Exception {
    machine.limit(RATE);
    String nobody = "127.0.0.1:" + ForeignServer.freePort();
    RegistryClient client =
        client().timeouts(HASTY).retries(new Retries(2, Duration.ZERO, Duration.ZERO)).build();
    try (ImageSource source = places(client, nobody + "/app:v1")) {
      source.manifest();
      TransferException failed =
          assertThrows(TransferException.class, () -> read(source, () -> machine.cut(how)));
      assertTrue(
          failed.getMessage().contains("none of 2 places")
              && failed.getMessage().contains(server.address())
              && failed.getMessage().contains(nobody),
          failed.getMessage());
    }
  }

  /// From the beginning.
  @ParameterizedTest
  @EnumSource
  void aMachineThatCannotBeReachedIsToldOf(Cut how) throws Exception {
    machine.cut(how);
    RegistryClient client =
        client().timeouts(HASTY).retries(new Retries(2, Duration.ZERO, Duration.ZERO)).build();
    try (ImageSource source = places(client, "127.0.0.1:" + ForeignServer.freePort() + "/app:v1")) {
      TransferException failed = assertThrows(TransferException.class, source::manifest);
      assertTrue(
          failed.getMessage().contains("none of 2 places")
              && failed.getMessage().contains(server.address())
              && failed.getMessage().contains(how == Cut.DOWN ? "No route to host" : "timed out"),
          failed.getMessage());
    }
  }
}
