package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.StackRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random layers, some of them twice: however they are stacked, the outcome is that of the model.
class StackingModelTest {

  private static final int IMAGES = 400;
  private static final int LAYERS_MAX = 5;

  @TempDir Path scratch;

  @Test
  void copiesAreWhatTheModelGives() throws Exception {
    compare(new CopySnapshotter(), this::stacked);
  }

  @Test
  void flattenedTreesAreWhatTheModelGives() throws Exception {
    compare(
        new CopySnapshotter(),
        (snapshotter, layers, work) -> {
          Path target = Files.createDirectory(work.resolve("target"));
          TestLayers.flatten(snapshotter, layers, target);
          return TestLayers.lines(snapshotter, target);
        });
  }

  @Test
  @Tag("root")
  void overlaysAreWhatTheModelGives() throws Exception {
    compare(new OverlaySnapshotter(), this::stacked);
  }

  private interface Way {
    List<String> lines(Snapshotter snapshotter, List<LayerTree> layers, Path work)
        throws ImageException, IOException;
  }

  private List<String> stacked(Snapshotter snapshotter, List<LayerTree> layers, Path work)
      throws ImageException, IOException {
    Path rootfs = work.resolve("rootfs");
    Path upper = Files.createDirectory(work.resolve("work"));
    snapshotter.stack(layers, new StackRequest(rootfs, upper));
    try {
      return TestLayers.lines(snapshotter, rootfs);
    } finally {
      snapshotter.unstack(rootfs, upper);
    }
  }

  private void compare(Snapshotter snapshotter, Way way) throws Exception {
    int refused = 0;
    for (int seed = 0; seed < IMAGES; seed++) {
      Random random = new Random(seed);
      Path work = Files.createDirectory(scratch.resolve(Integer.toString(seed)));
      List<LayerModel.Layer> models = models(random);
      String subject = "seed " + seed + ": " + models;
      String expected = expected(models);
      assertEquals(expected, actual(snapshotter, way, models, work), subject);
      refused += expected.equals("refused") ? 1 : 0;
      snapshotter.remove(work);
    }
    assertTrue(refused > IMAGES / 20 && refused < IMAGES * 2 / 5, "refused: " + refused);
  }

  private static List<LayerModel.Layer> models(Random random) {
    List<LayerModel.Layer> models = new ArrayList<>();
    List<String> names = new ArrayList<>();
    int count = 1 + random.nextInt(LAYERS_MAX);
    for (int i = 0; i < count; i++) {
      boolean again = i > 1 && random.nextInt(4) == 0;
      models.add(again ? models.get(random.nextInt(i)) : LayerModel.random(random, names));
    }
    return models;
  }

  private static String expected(List<LayerModel.Layer> models) {
    LayerModel tree = new LayerModel();
    try {
      for (LayerModel.Layer model : models) {
        tree.apply(model);
      }
      return String.join("\n", tree.lines());
    } catch (LayerModel.Refused refused) {
      return "refused";
    }
  }

  private static String actual(
      Snapshotter snapshotter, Way way, List<LayerModel.Layer> models, Path work)
      throws ImageException, IOException {
    TestLayers layers = new TestLayers(snapshotter, work);
    try {
      List<LayerTree> trees = new ArrayList<>();
      for (int i = 0; i < models.size(); i++) {
        int first = models.indexOf(models.get(i));
        trees.add(first < i ? trees.get(first) : layers.layer(models.get(i)::write));
      }
      return String.join("\n", way.lines(snapshotter, trees, work));
    } catch (UnsafeContentException refused) {
      return "refused";
    }
  }
}
