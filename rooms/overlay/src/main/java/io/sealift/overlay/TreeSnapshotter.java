package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.DirectorySink;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.TreeMerge;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What all have in common that keep a layer as a tree of files with overlayfs's marks.
abstract sealed class TreeSnapshotter implements Snapshotter
    permits OverlaySnapshotter, CopySnapshotter, AutoSnapshotter {

  @Override
  public final TreeSink sink(Path directory) throws StoreException {
    return DirectorySink.open(directory);
  }

  @Override
  public final void sync(Path directory) throws StoreException {
    TreeFiles.sync(directory);
  }

  @Override
  public final void remove(Path directory) throws StoreException {
    TreeFiles.remove(directory);
  }

  @Override
  public final Usage usage(Path directory) throws StoreException {
    return TreeFiles.usage(directory);
  }

  @Override
  public final boolean owns(Path rootfs, Path work) throws StoreException {
    return OverlayMount.isMountedAt(rootfs) || Places.isOwn(rootfs, work);
  }

  @Override
  public final RootFiles open(Path rootfs) throws StoreException {
    return TreeFiles.open(rootfs);
  }

  @Override
  public final void flatten(List<LayerTree> layers, Path target)
      throws StoreException, UnsafeContentException {
    List<Path> left = new ArrayList<>();
    layers.forEach(layer -> left.add(layer.directory()));
    try (TreeMerge merge = TreeMerge.into(target)) {
      for (int i = 0; i < layers.size(); i++) {
        LayerTree layer = layers.get(i);
        if (layers.subList(i + 1, layers.size()).contains(layer)) {
          layer = copied(layer, i);
          left.add(layer.directory());
        }
        merge.add(layer);
      }
      merge.finish();
    } finally {
      for (Path directory : left) {
        TreeFiles.remove(directory);
      }
    }
  }

  private static LayerTree copied(LayerTree layer, int number)
      throws StoreException, UnsafeContentException {
    Path copy =
        makeDirectory(
            layer.directory().resolveSibling(layer.directory().getFileName() + "." + number));
    TreeFiles.copy(layer.directory(), copy);
    return new LayerTree(copy, layer.summary());
  }

  static Path makeDirectory(Path directory) throws StoreException {
    try {
      return Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new StoreException("make directory %s: %s".formatted(directory, failed), failed);
    }
  }
}
