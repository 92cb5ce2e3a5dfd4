package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshot;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the store itself asks of a snapshotter: removing, measuring, undoing.
class BareSnapshotter implements Snapshotter {

  private final String name;

  BareSnapshotter(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public TreeSink sink(Path directory) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync(Path directory) throws StoreException {}

  @Override
  public void remove(Path directory) throws StoreException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public Usage usage(Path directory) {
    try (Stream<Path> below = Files.walk(directory)) {
      long bytes = 0;
      for (Path path : below.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
      return new Usage(bytes, 0);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public Snapshot stack(List<LayerTree> layers, StackRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Flattening flatten(Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unstack(Path rootfs, Path work) throws StoreException {
    remove(rootfs);
    remove(work);
  }

  @Override
  public boolean owns(Path rootfs, Path work) {
    return !Files.exists(rootfs.resolve("of-others"));
  }

  /// A tree in which nothing is looked at but the names in its root.
  @Override
  public RootFiles open(Path rootfs) {
    return new RootFiles() {
      @Override
      public Optional<FileStat> stat(LayerPath path) {
        FileTime time = new FileTime(0, 0);
        return Optional.of(new FileStat(FileStat.Type.DIRECTORY, 0755, 0, 0, 0, time, 1, 1, 0, 0));
      }

      @Override
      public Optional<Extension> extension(LayerPath path) {
        return Optional.of(new Extension(List.of(), false));
      }

      @Override
      public Optional<List<byte[]>> names(LayerPath path) {
        try (Stream<Path> entries = Files.list(rootfs)) {
          return Optional.of(
              entries
                  .map(entry -> entry.getFileName().toString().getBytes(StandardCharsets.UTF_8))
                  .toList());
        } catch (IOException failed) {
          throw new UncheckedIOException(failed);
        }
      }

      @Override
      public Optional<byte[]> read(LayerPath path, int maxBytes) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Optional<Content> content(LayerPath path) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Optional<byte[]> link(LayerPath path) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void makeDirectories(LayerPath path) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }
}
