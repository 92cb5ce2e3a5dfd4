package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.TreeMerge;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Copies the layers and merges the copies: for where overlays are not to be had. Contents are
/// shared where the file system can. Stateless and thread-safe.
public final class CopySnapshotter extends TreeSnapshotter {

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException {
    Path rootfs = request.rootfs();
    if (Places.isMountPoint(rootfs)) {
      throw new StoreException(
          "stack at %s: expected a directory, found a mount point; name a directory below it"
              .formatted(rootfs));
    }
    boolean made = Places.take(rootfs);
    boolean done = false;
    try {
      Places.own(rootfs, request.work());
      Set<String> notes = copy(layers, rootfs);
      done = true;
      return new Snapshot(name(), rootfs, false, List.copyOf(notes));
    } finally {
      TreeFiles.remove(copies(rootfs));
      if (!done) {
        TreeFiles.remove(rootfs);
        Places.disown(request.work());
        if (!made) {
          makeDirectory(rootfs);
        }
      }
    }
  }

  /// One layer after the other, so that a file that a later one replaces takes space no longer than
  /// that.
  private static Set<String> copy(List<LayerTree> layers, Path rootfs)
      throws StoreException, UnsafeContentException {
    TreeFiles.remove(copies(rootfs));
    Set<String> notes = new LinkedHashSet<>();
    try (TreeMerge merge = TreeMerge.into(rootfs)) {
      for (LayerTree layer : layers) {
        Path copy = makeDirectory(copies(rootfs).resolve("layer"));
        TreeFiles.copy(layer.directory(), copy)
            .forEach(
                loss -> notes.add("not copied: %s (%s)".formatted(loss.what(), loss.reason())));
        merge.add(new LayerTree(copy, layer.summary()));
        TreeFiles.remove(copy);
      }
      merge.finish();
    }
    return notes;
  }

  /// Beside the root file system, because merging is renaming, and under a name that is known to
  /// {@link #unstack}.
  private static Path copies(Path rootfs) {
    return rootfs.resolveSibling("." + rootfs.getFileName() + ".sealift-layers");
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    if (Places.isMountPoint(rootfs)) {
      throw new StoreException(
          "remove %s: something is mounted at it; unmount that first".formatted(rootfs));
    }
    TreeFiles.remove(copies(rootfs));
    Places.remove(rootfs);
    Places.remove(work);
  }
}
