package io.sealift.cli;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopiedShapesTest extends PulledShapes {

  @Override
  String snapshotter() {
    return "copy";
  }

  @ParameterizedTest
  @ValueSource(ints = {501, 1024})
  void moreLayersThanAnOverlayTakes(int count) throws Exception {
    assertManyLayers(count, TreeLines.of(tree(manyLayers(count))));
  }
}
