package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.snapshot.Snapshotter;
import io.sealift.testing.snapshot.SnapshotterContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where overlays are to be had.
@Tag("root")
class AutoSnapshotterTest extends SnapshotterContract {

  @Override
  protected Snapshotter snapshotter() {
    return new AutoSnapshotter();
  }

  @Test
  void undoesWhatEitherStacked() {
    assertEquals("auto", snapshotter().name());
    for (String name : new String[] {"auto", "copy", "overlay"}) {
      assertTrue(snapshotter().undoes(name), name);
    }
    assertFalse(snapshotter().undoes("plain"));
    assertFalse(new CopySnapshotter().undoes("overlay"));
  }
}
