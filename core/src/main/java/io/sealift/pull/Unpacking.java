package io.sealift.pull;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Flattening;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary.Loss;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Unpacks one admitted image into plain files: every layer into a directory of its own beside the
/// target, several at once; merged by renaming, each as soon as those below it are; and all of it
/// renamed into place last.
final class Unpacking {

  private final Snapshotter snapshotter;
  private final LayerWorkers workers;
  private final ProgressListener progress;

  Unpacking(Snapshotter snapshotter, LayerWorkers workers, ProgressListener progress) {
    this.snapshotter = snapshotter;
    this.workers = workers;
    this.progress = progress;
  }

  UnpackResult run(Admitted image, Path directory) throws ImageException, InterruptedIOException {
    Path target = directory.toAbsolutePath().normalize();
    Path staging = staging(target);
    try {
      Path merged = Files.createDirectory(staging.resolve("merged"));
      List<LayerTree> layers;
      try (Flattening flattening = snapshotter.flatten(merged)) {
        layers = layers(image, staging, flattening);
        flattening.finish();
      }
      Files.move(merged, target, StandardCopyOption.ATOMIC_MOVE);
      return new UnpackResult(image, directory, losses(layers));
    } catch (IOException failed) {
      throw new StoreException("unpack to %s: %s".formatted(directory, failed), failed);
    } finally {
      snapshotter.remove(staging);
    }
  }

  /// A new directory on the target's file system, hidden beside it.
  private static Path staging(Path target) throws StoreException {
    try {
      if (Files.exists(target)) {
        requireEmpty(target);
      }
      Path parent = Objects.requireNonNullElse(target.getParent(), target);
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, "." + target.getFileName() + ".sealift-");
    } catch (IOException failed) {
      throw new StoreException("unpack to %s: %s".formatted(target, failed), failed);
    }
  }

  private static void requireEmpty(Path target) throws IOException, StoreException {
    if (!Files.isDirectory(target)) {
      throw new StoreException(
          "unpack to %s: expected an empty directory or nothing, found a file".formatted(target));
    }
    try (var entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw new StoreException(
            "unpack to %s: the directory is not empty; name another or empty it".formatted(target));
      }
    }
  }

  /// The layers' trees, base first; a layer that the manifest repeats is unpacked for each place.
  private List<LayerTree> layers(Admitted image, Path staging, Flattening flattening)
      throws ImageException, InterruptedIOException {
    List<DiffId> diffIds = image.image().config().diffIds();
    Arrivals arrivals = new Arrivals(diffIds.size(), flattening);
    List<LayerWorkers.Job> jobs = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      int index = i;
      Descriptor layer = image.image().layers().get(i);
      Path tree = staging.resolve(Integer.toString(i));
      progress.layer(i, layer, ProgressListener.Stage.WAITING);
      jobs.add(
          new LayerWorkers.Job(
              layer,
              pipeline ->
                  arrivals.add(index, layer(pipeline, index, layer, diffIds.get(index), tree))));
    }
    workers.run(jobs);
    return arrivals.all();
  }

  /// Layers that arrived whole, in any order, and are merged in that of the manifest.
  private static final class Arrivals {

    private final @Nullable LayerTree[] trees;
    private final Flattening flattening;
    private int merged;

    Arrivals(int layers, Flattening flattening) {
      this.trees = new LayerTree[layers];
      this.flattening = flattening;
    }

    synchronized void add(int index, LayerTree tree) throws StoreException, UnsafeContentException {
      trees[index] = tree;
      for (; merged < trees.length && trees[merged] != null; merged++) {
        flattening.add(Objects.requireNonNull(trees[merged]));
      }
    }

    synchronized List<LayerTree> all() {
      return Arrays.stream(trees).map(Objects::requireNonNull).toList();
    }
  }

  private LayerTree layer(
      LayerPipeline pipeline, int index, Descriptor layer, DiffId diffId, Path tree)
      throws ImageException, InterruptedIOException {
    progress.layer(index, layer, ProgressListener.Stage.FETCHING);
    LayerPipeline.Arrived arrived =
        pipeline.run(layer, diffId, () -> begin(tree), Meter.of(progress, index));
    progress.layer(index, layer, ProgressListener.Stage.STORED);
    return new LayerTree(tree, arrived.summary());
  }

  private TreeSink begin(Path tree) throws StoreException {
    snapshotter.remove(tree);
    try {
      Files.createDirectory(tree);
    } catch (IOException failed) {
      throw new StoreException("make %s: %s".formatted(tree, failed), failed);
    }
    return snapshotter.sink(tree);
  }

  /// What the layers lost, added up by kind.
  private static List<Loss> losses(List<LayerTree> layers) {
    Map<String, Loss> losses = new LinkedHashMap<>();
    for (LayerTree layer : layers) {
      for (Loss loss : layer.summary().losses()) {
        losses.merge(
            loss.what(),
            loss,
            (sum, more) ->
                new Loss(sum.what(), sum.entries() + more.entries(), sum.first(), sum.reason()));
      }
    }
    return List.copyOf(losses.values());
  }
}
