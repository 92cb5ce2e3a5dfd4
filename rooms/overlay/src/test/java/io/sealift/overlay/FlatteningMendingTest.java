package io.sealift.overlay;

import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class FlatteningMendingTest extends MendingContract {

  @Override
  Snapshotter snapshotter() {
    return new CopySnapshotter();
  }

  @Override
  Path put(List<LayerTree> layers) throws Exception {
    Path target = Files.createDirectory(directory.resolve("target"));
    TestLayers.flatten(snapshotter(), layers, target);
    return target;
  }
}
