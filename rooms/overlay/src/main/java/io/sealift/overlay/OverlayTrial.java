package io.sealift.overlay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.DetachedMount;
import io.sealift.linux.TreeFiles;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.UnpackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether overlays work at a place.
///
/// @param obstacle why they do not; null when they do
/// @param ways how they are put together here, for people; empty when they are not
public record OverlayTrial(@Nullable String obstacle, List<String> ways) {

  public OverlayTrial {
    ways = List.copyOf(ways);
  }

  /// Stacks two small layers below a directory, which is made when it is not there, and looks
  /// whether the upper one hides what it should. The overlay is visible to this process only, and
  /// nothing of it stays.
  public static OverlayTrial below(Path directory) {
    try {
      Files.createDirectories(directory);
      Path trial = Files.createTempDirectory(directory, ".trial-");
      try {
        OverlayMount overlay = OverlayMount.probe(trial).forTrial();
        String obstacle = attempt(overlay, trial);
        return obstacle == null
            ? new OverlayTrial(null, overlay.ways())
            : new OverlayTrial(obstacle, List.of());
      } finally {
        TreeFiles.remove(trial);
      }
    } catch (IOException failed) {
      return new OverlayTrial("write below " + directory + ": " + failed, List.of());
    } catch (StoreException | UnsafeContentException refused) {
      return new OverlayTrial(refused.getMessage(), List.of());
    }
  }

  private static @Nullable String attempt(OverlayMount overlay, Path trial)
      throws StoreException, UnsafeContentException {
    Snapshotter files = new OverlaySnapshotter();
    LayerPath file = path("file");
    LayerPath inside = path("directory/file");
    Path lower = TreeSnapshotter.makeDirectory(trial.resolve("lower"));
    try (TreeSink sink = files.sink(lower)) {
      sink.whiteout(path("nothing"));
      sink.opaque(file);
      sink.opaque(inside);
      sink.finish();
    }
    Path over = TreeSnapshotter.makeDirectory(trial.resolve("over"));
    try (TreeSink sink = files.sink(over)) {
      sink.whiteout(file);
      sink.opaque(inside.parent());
      sink.finish();
    }
    Path scratch = TreeSnapshotter.makeDirectory(trial.resolve("scratch"));
    try (DetachedMount mount = overlay.mount(List.of(over, lower), scratch);
        RootFiles root = files.open(mount.path())) {
      if (root.stat(file).isPresent() || root.stat(inside).isPresent()) {
        return "mount overlay: what a layer deletes does not disappear below " + trial.getParent();
      }
      root.makeDirectories(path("written"));
      return null;
    }
  }

  private static LayerPath path(String name) throws UnsafeContentException {
    return LayerPath.of(name.getBytes(US_ASCII), UnpackLimits.DEFAULT);
  }
}
