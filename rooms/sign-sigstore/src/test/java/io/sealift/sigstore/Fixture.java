package io.sealift.sigstore;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.oci.MediaType;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What other tools put beside the image `cosign/image`: manifests by tag or digest, and blobs.
final class Fixture {

  private static final Path FOLDER = folder();

  private Fixture() {}

  private static Path folder() {
    try {
      return Path.of(
              java.util.Objects.requireNonNull(Fixture.class.getResource("cosign/README.md"))
                  .toURI())
          .resolveSibling(".");
    } catch (java.net.URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] read(String name) throws Exception {
    return Files.readAllBytes(FOLDER.resolve(name));
  }

  /// Examines the image with what is in a folder beside it.
  static Scene.Examined examine(String name, SigstoreSigned requirement) throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      for (String folder : List.of("image", name)) {
        push(registry, FOLDER.resolve(folder));
      }
      return Scene.examine(registry, requirement);
    }
  }

  private static void push(InProcessRegistry registry, Path folder) throws Exception {
    for (Path blob : files(folder.resolve("blobs"))) {
      registry.pushBlob(Files.readAllBytes(blob));
    }
    for (Path manifest : files(folder.resolve("manifests"))) {
      byte[] bytes = Files.readAllBytes(manifest);
      String type =
          JsonReader.readObject(bytes, "manifest", JsonLimits.DEFAULT).string("mediaType");
      BuiltImage document = BuiltImage.ofDocument(new MediaType(type), bytes);
      String tag = manifest.getFileName().toString().replace(".json", "");
      registry.push(Scene.REPOSITORY, tag, document);
    }
  }

  private static List<Path> files(Path folder) throws Exception {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
