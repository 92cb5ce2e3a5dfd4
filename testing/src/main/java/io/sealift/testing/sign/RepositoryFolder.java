package io.sealift.testing.sign;

import io.sealift.failure.ImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.oci.MediaType;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What other tools put into a repository, kept in a folder: `manifests/TAG.json` (with `sha256_…`
/// for a manifest that has a digest only) and `blobs/HEX`. Either may be missing.
public record RepositoryFolder(Path folder) {

  /// Puts all of it into a repository.
  public void pushTo(InProcessRegistry registry, String repository)
      throws IOException, ImageException {
    for (Path blob : files("blobs")) {
      registry.pushBlob(Files.readAllBytes(blob));
    }
    for (Path manifest : files("manifests")) {
      byte[] bytes = Files.readAllBytes(manifest);
      String type =
          JsonReader.readObject(bytes, "manifest", JsonLimits.DEFAULT).string("mediaType");
      String tag = manifest.getFileName().toString().replace(".json", "");
      registry.push(repository, tag, BuiltImage.ofDocument(new MediaType(type), bytes));
    }
  }

  private List<Path> files(String kind) throws IOException {
    Path place = folder.resolve(kind);
    if (!Files.exists(place)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.toList();
    }
  }
}
