package io.sealift.testing.snapshot;

import io.sealift.snapshot.Snapshotter;

class PlainSnapshotterTest extends SnapshotterContract {

  @Override
  protected Snapshotter snapshotter() {
    return new PlainSnapshotter();
  }
}
