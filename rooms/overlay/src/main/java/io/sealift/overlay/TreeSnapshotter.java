package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.DirectorySink;
import io.sealift.linux.TreeFiles;
import io.sealift.linux.TreeMerge;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
  public final Flattening flatten(Path target) throws StoreException {
    return new TreeFlattening(TreeMerge.into(target));
  }

  private record TreeFlattening(TreeMerge merge) implements Flattening {

    @Override
    public void add(LayerTree layer) throws StoreException, UnsafeContentException {
      merge.add(layer);
      TreeFiles.remove(layer.directory());
    }

    @Override
    public void finish() throws StoreException {
      merge.finish();
    }

    @Override
    public void close() {
      merge.close();
    }
  }

  static Path makeDirectory(Path directory) throws StoreException {
    try {
      return Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new StoreException("make directory %s: %s".formatted(directory, failed), failed);
    }
  }
}
