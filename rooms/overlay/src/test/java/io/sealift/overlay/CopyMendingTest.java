package io.sealift.overlay;

import io.sealift.snapshot.Snapshotter;

class CopyMendingTest extends MendingContract {

  @Override
  Snapshotter snapshotter() {
    return new CopySnapshotter();
  }
}
