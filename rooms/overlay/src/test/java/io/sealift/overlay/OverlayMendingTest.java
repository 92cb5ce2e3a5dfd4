package io.sealift.overlay;

import io.sealift.snapshot.Snapshotter;
import org.junit.jupiter.api.Tag;

@Tag("root")
class OverlayMendingTest extends MendingContract {

  @Override
  Snapshotter snapshotter() {
    return new OverlaySnapshotter();
  }
}
