package io.sealift.overlay;

import io.sealift.snapshot.Snapshotter;
import io.sealift.testing.snapshot.SnapshotterContract;
import org.junit.jupiter.api.Tag;

@Tag("root")
class OverlaySnapshotterTest extends SnapshotterContract {

  @Override
  protected Snapshotter snapshotter() {
    return new OverlaySnapshotter();
  }
}
