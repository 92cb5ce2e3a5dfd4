package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.StoreException;
import io.sealift.linux.TreeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The shapes as plain files. Nothing but them is made, and nothing when they are refused.
class UnpackedShapesTest extends ShapesContract {

  @Override
  Run run(String image, String... options) {
    return new WorkDir(directory.resolve("store")).unpack(image, root(), options);
  }

  @Override
  Path root() {
    return directory.resolve("tree");
  }

  @Override
  void undo() throws IOException {
    try {
      TreeFiles.remove(root());
    } catch (StoreException failed) {
      throw new IOException(failed);
    }
    try (Stream<Path> rest = Files.list(directory)) {
      assertEquals(List.of(), rest.toList());
    }
  }
}
