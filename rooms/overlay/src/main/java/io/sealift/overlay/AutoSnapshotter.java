package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Stacks layers by an overlay mount, and where none can be had by copies. Stateless and
/// thread-safe.
public final class AutoSnapshotter extends TreeSnapshotter {

  private final OverlaySnapshotter overlay = new OverlaySnapshotter();
  private final CopySnapshotter copy = new CopySnapshotter();

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public boolean undoes(String name) {
    return List.of(name(), overlay.name(), copy.name()).contains(name);
  }

  /// Only when an overlay cannot be made a small one is tried: when that cannot be made either, it
  /// is not for these layers.
  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException {
    try {
      return overlay.stack(layers, request);
    } catch (StoreException failed) {
      OverlayTrial trial = OverlayTrial.below(request.work());
      if (trial.obstacle() == null) {
        throw failed;
      }
      Snapshot copied = copy.stack(layers, request);
      List<String> notes = new ArrayList<>();
      notes.add("layers are copied, for overlay does not work: " + trial.obstacle());
      notes.addAll(copied.notes());
      return new Snapshot(copied.snapshotter(), copied.rootfs(), copied.mounted(), notes);
    }
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    if (Places.isOwned(work)) {
      copy.unstack(rootfs, work);
    } else {
      overlay.unstack(rootfs, work);
    }
  }
}
