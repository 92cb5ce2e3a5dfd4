package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.Mounts;
import io.sealift.linux.StackMending;
import io.sealift.linux.TreeFiles;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Stacks layers by an overlay mount with an upper directory of its own. Stateless and thread-safe.
public final class OverlaySnapshotter extends TreeSnapshotter {

  @Override
  public String name() {
    return "overlay";
  }

  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException {
    List<Path> lower = lower(layers);
    if (lower.size() > Mounts.MAX_LAYERS) {
      throw new StoreException(
          "stack %d layers: the kernel's overlays take %d; use --snapshotter copy"
              .formatted(lower.size(), Mounts.MAX_LAYERS));
    }
    Path rootfs = makeDirectory(request.rootfs());
    Path upper = makeDirectory(request.work().resolve("upper"));
    Path work = makeDirectory(request.work().resolve("work"));
    boolean done = false;
    try {
      Mounts.overlay(lower, upper, work, rootfs, flags(upper));
      StackMending.mend(layers, rootfs);
      done = true;
      return new Snapshot(name(), rootfs, true, List.of());
    } finally {
      if (!done) {
        unstack(rootfs, request.work());
      }
    }
  }

  static List<String> flags(Path upper) throws StoreException {
    return Mounts.takesTrustedXattrs(upper) ? List.of() : List.of("userxattr");
  }

  /// The layers' directories, topmost first. Of a repeated layer only the topmost place counts: all
  /// that it has or hides shows from there, and overlayfs refuses a directory given twice.
  private static List<Path> lower(List<LayerTree> layers) {
    LinkedHashSet<Path> lower = new LinkedHashSet<>();
    for (LayerTree layer : layers.reversed()) {
      lower.add(layer.directory());
    }
    return new ArrayList<>(lower);
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    if (Mounts.isMounted(rootfs)) {
      Mounts.unmount(rootfs);
    }
    TreeFiles.remove(rootfs);
    TreeFiles.remove(work);
  }
}
