package io.sealift.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The shapes as bundles, from a store whose layers are stacked in one way or the other.
abstract class PulledShapes extends ShapesContract {

  abstract String snapshotter();

  private WorkDir workDir() {
    return new WorkDir(directory.resolve("store"));
  }

  private Path bundle() {
    return directory.resolve("bundle");
  }

  @Override
  Run run(String image, String... options) {
    return workDir()
        .pull(
            image,
            bundle(),
            Stream.concat(Stream.of("--snapshotter=" + snapshotter()), Stream.of(options))
                .toArray(String[]::new));
  }

  @Override
  Path root() {
    return bundle().resolve("rootfs");
  }

  @Override
  void undo() throws IOException {
    if (Files.exists(root())) {
      workDir().assertSoundAndUndone(bundle());
    } else {
      workDir().assertSoundAndUndone();
    }
  }
}
