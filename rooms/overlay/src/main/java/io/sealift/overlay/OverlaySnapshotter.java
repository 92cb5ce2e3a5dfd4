package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.DetachedMount;
import io.sealift.linux.StackMending;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshot;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Stacks layers by an overlay mount with an upper directory of its own. Stateless and thread-safe.
///
/// The overlay is mounted nowhere at first, and mended there; it becomes visible last, so that a
/// process that dies before leaves no mount.
public final class OverlaySnapshotter extends TreeSnapshotter {

  @Override
  public String name() {
    return "overlay";
  }

  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException {
    Path rootfs = request.rootfs();
    Path scratch = request.work();
    boolean made = Places.take(rootfs);
    boolean done = false;
    try {
      OverlayMount overlay = OverlayMount.probe(scratch);
      try (DetachedMount mount = overlay.mount(lower(layers, scratch), scratch)) {
        StackMending.mend(layers, mount.path());
        mount.attach(Places.real(rootfs));
      }
      done = true;
      return new Snapshot(name(), rootfs, true, List.of());
    } finally {
      if (!done) {
        OverlayMount.clear(scratch);
        if (made) {
          Places.remove(rootfs);
        }
      }
    }
  }

  /// The layers' directories, topmost first. Of a repeated layer only the topmost place counts: all
  /// that it has or hides shows from there, and overlayfs refuses a directory given twice. What
  /// lies below a layer that hides all of it is left out: overlayfs takes no notice of that mark on
  /// a root. An image without layers has an empty one.
  private List<Path> lower(List<LayerTree> layers, Path scratch)
      throws StoreException, UnsafeContentException {
    LinkedHashSet<Path> lower = new LinkedHashSet<>();
    for (LayerTree layer : layers.reversed()) {
      if (lower.add(layer.directory()) && !layer.summary().pendingLinks().isEmpty()) {
        lower.add(barrier(layer, OverlayMount.barrier(scratch, lower.size())));
      }
      if (hidesAllBelow(layer)) {
        break;
      }
    }
    return lower.isEmpty()
        ? List.of(makeDirectory(OverlayMount.barrier(scratch, 0)))
        : new ArrayList<>(lower);
  }

  private boolean hidesAllBelow(LayerTree layer) throws StoreException {
    try (RootFiles files = open(layer.directory())) {
      return files.extension(LayerPath.ROOT).orElseThrow().opaque();
    }
  }

  /// A layer to lie under another one, which hides what the links of that one replace: those links
  /// are not among its files before they are mended, and a directory that lies above them must not
  /// be merged with one below.
  private Path barrier(LayerTree layer, Path directory)
      throws StoreException, UnsafeContentException {
    try (TreeSink sink = sink(makeDirectory(directory))) {
      for (PendingLink link : layer.summary().pendingLinks()) {
        sink.whiteout(link.path());
      }
      sink.finish();
    }
    return directory;
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    OverlayMount.unmountOurs(rootfs);
    Places.remove(rootfs);
    OverlayMount.clear(work);
    Places.remove(work);
  }
}
