package io.sealift.cri;

import io.grpc.StatusRuntimeException;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Many pulls at once of 20 images. The layer at the bottom is that of all, and on top again; the
/// one above it that of every fifth image, and the next an image's own.
///
/// @param layerBytes of each layer; they hardly get smaller by compression
/// @param packings of the layers, by turns
record Load(int layerBytes, List<Packing> packings) {

  static final int IMAGES = 20;

  private static final int GROUPS = 5;

  /// Distinct layers of all images.
  static final int LAYERS = 1 + GROUPS + IMAGES;

  static Load ofGzip(int layerBytes) {
    return new Load(layerBytes, List.of(Packing.GZIP));
  }

  BuiltImage image(int number) {
    ImageBuilder image = new ImageBuilder();
    add(image, "base", 0);
    add(image, "group " + number % GROUPS, number % GROUPS);
    add(image, "own " + number, number);
    add(image, "base", 0);
    return image.build();
  }

  private void add(ImageBuilder image, String name, int turn) {
    byte[] content = new byte[layerBytes];
    new Random(name.hashCode()).nextBytes(content);
    image.layer(
        new TarBuilder().file("content of " + name, content).symlink("link", name).build(),
        packings.get(turn % packings.size()));
  }

  /// Puts all of them into a registry.
  ///
  /// @return what clients are to be told of each
  List<String> push(InProcessRegistry registry) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      BuiltImage image = image(i);
      registry.push("app" + i, "1", image);
      ids.add(image.blobs().getFirst().digest());
    }
    return ids;
  }

  static String name(int number) {
    return "registry.example/app" + number + ":1";
  }

  /// Asks for all at once.
  ///
  /// @return what each was told, or why it failed
  static List<String> pull(CriClient client, int pulls) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(pulls)) {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < pulls; i++) {
        String request = TestNode.image(name(i % IMAGES));
        all.add(threads.submit(() -> outcome(client, request)));
      }
      List<String> outcomes = new ArrayList<>();
      for (Future<String> pull : all) {
        outcomes.add(pull.get());
      }
      return outcomes;
    }
  }

  private static String outcome(CriClient client, String request) {
    try {
      return TestNode.text(client.call("PullImage", request), "image_ref");
    } catch (StatusRuntimeException failed) {
      return String.valueOf(failed.getMessage());
    }
  }

  /// What so many pulls are to be told.
  static List<String> expected(List<String> ids, int pulls) {
    return IntStream.range(0, pulls).mapToObj(i -> ids.get(i % IMAGES)).toList();
  }
}
