package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Layout.Kind;
import io.sealift.unpack.TreeSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The committed layers.
record Layers(Layout layout, Disk disk, Snapshotter snapshotter) {

  static Path tree(Path layer) {
    return layer.resolve("tree");
  }

  static Path split(Path layer) {
    return layer.resolve("split");
  }

  static Path file(Path layer) {
    return layer.resolve("layer.json");
  }

  Path directory(DiffId layer) {
    return layout.file(Kind.LAYER, layer.digest());
  }

  Optional<StoredLayer> find(DiffId layer) throws StoreException {
    Path directory = directory(layer);
    Path file = file(directory);
    byte[] bytes = disk.read(file, LayerFile.MAX_BYTES).orElse(null);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      LayerFile read = LayerFile.read(bytes, "layer " + layer);
      LayerTree tree = new LayerTree(tree(directory), read.summary());
      return Optional.of(new StoredLayer(layer, tree, read.tarBytes(), read.seal()));
    } catch (UnsafeContentException malformed) {
      throw Unsound.file(file, malformed);
    }
  }

  StoredLayer require(DiffId layer) throws StoreException {
    return find(layer)
        .orElseThrow(() ->
            new StoreException(
                "read layer %s: it is not in the store %s; pull the image again"
                    .formatted(layer, layout.root())));
  }

  /// Every layer by the name of its directory, sound or not.
  List<DiffId> all() throws StoreException {
    List<DiffId> all = new ArrayList<>();
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path entry : disk.list(layout.directory(Kind.LAYER, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.LAYER, algorithm, entry);
        digest.ifPresent(value -> all.add(new DiffId(value)));
      }
    }
    return all;
  }

  /// Makes a staged layer, whose split is durable, durable as a whole and visible at once.
  StoredLayer commit(
      DiffId layer, Path staged, TreeSummary summary, long tarBytes, @Nullable String seal)
      throws StoreException {
    snapshotter.sync(tree(staged));
    disk.write(file(staged), new LayerFile(tarBytes, summary, seal).write(layer));
    disk.sync(staged);
    Path directory = directory(layer);
    disk.rename(staged, directory);
    disk.sync(layout.directory(Kind.LAYER, layer.digest().algorithm()));
    return new StoredLayer(layer, new LayerTree(tree(directory), summary), tarBytes, seal);
  }
}
