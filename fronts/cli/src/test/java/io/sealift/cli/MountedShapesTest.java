package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("root")
class MountedShapesTest extends PulledShapes {

  @Override
  String snapshotter() {
    return "overlay";
  }

  @ParameterizedTest
  @ValueSource(ints = {501, 999})
  void layersOfTwoOverlaysInsideEachOther(int count) throws Exception {
    assertManyLayers(count, TreeLines.of(tree(manyLayers(count))));
  }

  @Test
  void moreLayersThanThoseTakeAreRefusedWithTheBound() {
    Run run = run(manyLayers(1000));
    assertEquals(1, run.status());
    assertEquals(
        "sealift: stack 1000 layers: overlays take at most 999; use --snapshotter copy\n",
        run.err());
  }
}
