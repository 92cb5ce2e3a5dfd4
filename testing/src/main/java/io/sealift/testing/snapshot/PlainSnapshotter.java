package io.sealift.testing.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshot;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A snapshotter in plain Java, for tests: what it stacks is copied. Layers lie on disk as they do
/// in a tar, with `.wh.` files, so it needs no privilege and no particular file system. It knows
/// names in UTF-8 only, keeps owners as root and extended attributes never, and refuses a parent
/// that is a symlink.
public final class PlainSnapshotter implements Snapshotter {

  static final boolean AS_ROOT = System.getProperty("user.name").equals("root");

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public TreeSink sink(Path directory) {
    return new PlainSink(directory);
  }

  /// Tests lose no power.
  @Override
  public void sync(Path directory) {}

  @Override
  public void remove(Path directory) throws StoreException {
    try {
      removeTree(directory);
    } catch (IOException failed) {
      throw failure("remove", directory, failed);
    }
  }

  @Override
  public Usage usage(Path directory) throws StoreException {
    try (Stream<Path> below = Files.walk(directory)) {
      long bytes = 0;
      Set<Object> inodes = new HashSet<>();
      for (Path path : below.toList()) {
        if (inodes.add(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
          bytes += Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.size(path) : 0;
        }
      }
      return new Usage(bytes, inodes.size());
    } catch (IOException failed) {
      throw failure("measure", directory, failed);
    }
  }

  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request)
      throws StoreException, UnsafeContentException {
    boolean done = false;
    try {
      Files.createDirectories(request.rootfs());
      PlainMerge merge = new PlainMerge(request.rootfs());
      for (LayerTree layer : layers) {
        merge.apply(layer);
      }
      merge.finish();
      done = true;
      return new Snapshot(name(), request.rootfs(), false, List.of());
    } catch (IOException failed) {
      throw failure("stack", request.rootfs(), failed);
    } finally {
      if (!done) {
        unstack(request.rootfs(), request.work());
      }
    }
  }

  @Override
  public Flattening flatten(Path target) {
    PlainMerge merge = new PlainMerge(target);
    List<LayerTree> consumed = new ArrayList<>();
    return new Flattening() {
      @Override
      public void add(LayerTree layer) throws StoreException, UnsafeContentException {
        consumed.add(layer);
        try {
          merge.apply(layer);
        } catch (IOException failed) {
          throw failure("flatten", target, failed);
        }
      }

      @Override
      public void finish() throws StoreException {
        try {
          merge.finish();
        } catch (IOException failed) {
          throw failure("flatten", target, failed);
        }
      }

      @Override
      public void close() throws StoreException {
        for (LayerTree layer : consumed) {
          remove(layer.directory());
        }
      }
    };
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    remove(rootfs);
    remove(work);
  }

  /// Tests have nobody else.
  @Override
  public boolean owns(Path rootfs, Path work) {
    return true;
  }

  @Override
  public RootFiles open(Path rootfs) {
    return new PlainRootFiles(rootfs);
  }

  static StoreException failure(String operation, Path subject, IOException failed) {
    return new StoreException("%s %s: %s".formatted(operation, subject, failed), failed);
  }

  /// Also what its modes would keep an ordinary user from removing.
  static void removeTree(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.setAttribute(path, "unix:mode", 0700);
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          removeTree(entry);
        }
      }
    }
    Files.deleteIfExists(path);
  }
}
