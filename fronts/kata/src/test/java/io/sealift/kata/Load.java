package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.ImageException;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.Store;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// 200 pulls of 20 images, ten containers each, over five connections. The layer at the bottom is
/// that of all images, the one above it that of four, and the uppermost an image's own.
///
/// @param containers below which the bundles are
record Load(InProcessRegistry registry, Path containers) {

  static final int PULLS = 200;
  private static final int IMAGES = 20;
  private static final int CONNECTIONS = 5;
  private static final int BYTES = 200_000;

  void push() {
    for (int i = 0; i < IMAGES; i++) {
      registry.push("image" + i, "latest", image(i));
    }
  }

  private static BuiltImage image(int number) {
    return new ImageBuilder()
        .layer(layer("all", 0))
        .layer(layer("four", number / 4))
        .layer(layer("own", number))
        .config("Cmd", List.of("/bin/" + number))
        .build();
  }

  /// Hardly gets smaller by compression.
  private static byte[] layer(String name, int number) {
    byte[] content = new byte[BYTES];
    new Random(31L * number + name.hashCode()).nextBytes(content);
    return new TarBuilder().file(name, content).file("name-of-" + name, name + number).build();
  }

  /// The digests of all layers.
  Set<String> layers() throws ImageException {
    Set<String> layers = new TreeSet<>();
    for (int i = 0; i < IMAGES; i++) {
      for (BuiltBlob layer : image(i).layers()) {
        layers.add(layer.descriptor().digest().toString());
      }
    }
    return layers;
  }

  private static int image(Path container) {
    return Integer.parseInt(container.getFileName().toString()) % IMAGES;
  }

  /// Where the bundle of a pull goes.
  Path bundle(int pull) {
    return containers.resolve(Integer.toString(pull));
  }

  /// Asks for all at once and waits for the answers, which are the digests of the images.
  void pull(Path socket) throws IOException {
    List<TestAgent> agents = new ArrayList<>();
    List<Integer> streams = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      agents.add(TestAgent.connect(socket));
    }
    for (int pull = 0; pull < PULLS; pull++) {
      TestAgent agent = agents.get(pull % CONNECTIONS);
      streams.add(agent.sendPull(name(pull), bundle(pull), 0));
    }
    for (int pull = 0; pull < PULLS; pull++) {
      TestAgent.Reply reply = agents.get(pull % CONNECTIONS).answer(streams.get(pull));
      assertEquals("0", reply.toString());
      assertEquals(image(pull % IMAGES).digest().toString(), reply.digest());
    }
    for (TestAgent agent : agents) {
      agent.close();
    }
  }

  /// The name of a pull's image.
  String name(int pull) {
    return registry.name("image" + pull % IMAGES, "latest");
  }

  /// Every bundle has the files of its image, and its command.
  void assertBundles() throws IOException {
    for (int pull = 0; pull < PULLS; pull++) {
      Path bundle = bundle(pull);
      int image = image(bundle);
      Path rootfs = bundle.resolve("rootfs");
      assertEquals("all0", Files.readString(rootfs.resolve("name-of-all")));
      assertEquals("four" + image / 4, Files.readString(rootfs.resolve("name-of-four")));
      assertEquals("own" + image, Files.readString(rootfs.resolve("name-of-own")));
      assertEquals(BYTES, Files.size(rootfs.resolve("own")));
      assertEquals(
          true,
          Files.readString(bundle.resolve("config.json"))
              .contains("\"args\":[\"/bin/%d\"]".formatted(image)));
    }
  }

  /// As the ends of all containers do.
  void unmount(Path workDir) throws ImageException, InterruptedIOException {
    try (Store store = Store.open(workDir, new AutoSnapshotter())) {
      for (int pull = 0; pull < PULLS; pull++) {
        store.unmount(bundle(pull).resolve("rootfs"));
      }
    }
  }
}
