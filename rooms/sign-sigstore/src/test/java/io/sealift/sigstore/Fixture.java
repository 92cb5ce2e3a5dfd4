package io.sealift.sigstore;

import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.sign.RepositoryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        new RepositoryFolder(FOLDER.resolve(folder)).pushTo(registry, Scene.REPOSITORY);
      }
      return Scene.examine(registry, requirement);
    }
  }
}
