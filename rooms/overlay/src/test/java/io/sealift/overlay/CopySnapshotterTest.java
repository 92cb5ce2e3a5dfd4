package io.sealift.overlay;

import io.sealift.snapshot.Snapshotter;
import io.sealift.testing.snapshot.SnapshotterContract;

class CopySnapshotterTest extends SnapshotterContract {

  @Override
  protected Snapshotter snapshotter() {
    return new CopySnapshotter();
  }
}
