package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.TreeMerge;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
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
    Path rootfs = makeDirectory(request.rootfs());
    // Beside the target, because merging is renaming.
    Path copies = rootfs.resolveSibling("." + rootfs.getFileName() + ".layers");
    boolean done = false;
    try {
      TreeFiles.remove(copies);
      makeDirectory(copies);
      Set<String> notes = new LinkedHashSet<>();
      List<LayerTree> copied = new ArrayList<>();
      for (LayerTree layer : layers) {
        Path copy = makeDirectory(copies.resolve(Integer.toString(copied.size())));
        TreeFiles.copy(layer.directory(), copy)
            .forEach(
                loss -> notes.add("not copied: %s (%s)".formatted(loss.what(), loss.reason())));
        copied.add(new LayerTree(copy, layer.summary()));
      }
      TreeMerge.merge(copied, rootfs);
      done = true;
      return new Snapshot(name(), rootfs, false, List.copyOf(notes));
    } finally {
      TreeFiles.remove(copies);
      if (!done) {
        TreeFiles.remove(rootfs);
      }
    }
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    TreeFiles.remove(rootfs.resolveSibling("." + rootfs.getFileName() + ".layers"));
    TreeFiles.remove(rootfs);
    TreeFiles.remove(work);
  }
}
