package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sealift.linux.DetachedMount;
import io.sealift.snapshot.Snapshotter;
import io.sealift.testing.snapshot.SnapshotterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// The store lies on an overlay itself, as it does in a container: there is none to be had on it.
@Tag("root")
class CopyOnOverlayTest extends SnapshotterContract {

  @TempDir static Path below;

  private static Path place = Path.of("");
  private static int count;

  @BeforeAll
  static void mount() throws Exception {
    Path lower = Files.createDirectory(below.resolve("lower"));
    Path scratch = Files.createDirectory(below.resolve("scratch"));
    place = Files.createDirectory(below.resolve("place"));
    try (DetachedMount mount = OverlayMount.probe(scratch).mount(List.of(lower), scratch)) {
      mount.attach(place);
    }
    assertNotNull(OverlayTrial.below(place).obstacle());
  }

  @AfterAll
  static void unmount() throws Exception {
    OverlayMount.unmountOurs(place);
  }

  @Override
  protected Snapshotter snapshotter() {
    return new AutoSnapshotter();
  }

  @Override
  protected Path scratch(Path directory) {
    try {
      return Files.createDirectory(place.resolve("scratch" + count++));
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
