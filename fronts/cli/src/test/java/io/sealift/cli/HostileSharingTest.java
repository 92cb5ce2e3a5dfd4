package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that claim each other's layers in one store: everyone gets what the diff_id stands for.
class HostileSharingTest {

  private static final BuiltBlob LAYER = Attack.layer(new TarBuilder().file("f", "x"));
  private static final BuiltBlob POISON = Attack.layer(new TarBuilder().file("f", "poison"));
  private static final List<String> SOUND = List.of("f 644 x");

  @TempDir Path directory;
  private final InProcessRegistry registry = InProcessRegistry.start();

  @AfterEach
  void stop() {
    registry.close();
  }

  private WorkDir work() {
    return new WorkDir(directory.resolve("store"));
  }

  private Path bundle(String name) {
    return directory.resolve(name);
  }

  private Run pull(String name, BuiltBlob... layers) {
    ImageBuilder builder = new ImageBuilder().config("Env", List.of("NAME=" + name));
    for (BuiltBlob layer : layers) {
      builder.layer(layer);
    }
    BuiltImage image = builder.build();
    registry.push("app", name, image);
    return work().pull(registry.name("app", name), bundle(name), "--snapshotter=copy");
  }

  private void assertRefused(Run run, BuiltBlob layer, BuiltBlob really) {
    assertEquals(
        "sealift: verify unpacked layer: expected %s, got %s\n"
            .formatted(layer.diffId(), really.diffId()),
        run.err());
    assertEquals(6, run.status());
  }

  private List<String> tree(String name) throws Exception {
    return TreeLines.of(bundle(name).resolve("rootfs"));
  }

  @Test
  void aLayerOfAnothersDiffIdDoesNotStayForIt() throws Exception {
    assertRefused(pull("evil", POISON.diffId(LAYER.diffId())), LAYER, POISON);
    assertFalse(Files.exists(bundle("evil")));
    WorkDir.made(pull("good", LAYER));
    assertEquals(SOUND, tree("good"));
    work().assertSoundAndUndone(bundle("good"));
  }

  @Test
  void aLayerOfAnothersDiffIdDoesNotTakeItsPlace() throws Exception {
    WorkDir.made(pull("good", LAYER));
    WorkDir.made(pull("evil", POISON.diffId(LAYER.diffId())));
    assertEquals(SOUND, tree("evil"));
    assertEquals(SOUND, tree("good"));
    work().assertSoundAndUndone(bundle("good"), bundle("evil"));
  }

  @Test
  void aLayerUnderAnothersDigestIsNotTakenForIt() throws Exception {
    WorkDir.made(pull("good", LAYER));
    registry.remove(LAYER.digest());
    assertRefused(pull("evil", LAYER.diffId(POISON.diffId())), POISON, LAYER);
    assertEquals(SOUND, tree("good"));
    work().assertSoundAndUndone(bundle("good"));
  }

  @Test
  void oneBlobIsNotTwoLayers() throws Exception {
    assertRefused(pull("evil", LAYER, LAYER.diffId(POISON.diffId())), POISON, LAYER);
    assertFalse(Files.exists(bundle("evil")));
    WorkDir.done(work().run("gc"));
    work().assertSoundAndUndone();
  }
}
