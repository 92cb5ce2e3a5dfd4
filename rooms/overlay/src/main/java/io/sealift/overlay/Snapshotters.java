package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.linux.Mounts;
import io.sealift.linux.TreeFiles;
import io.sealift.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells which snapshotter can work at a place.
///
/// @param chosen overlay where it works, else copy
/// @param obstacle why overlay does not work; null when it does
public record Snapshotters(Snapshotter chosen, @Nullable String obstacle) {

  /// Tries a mount of an empty layer in a directory of its own below `workDir`, which is made when
  /// it is not there.
  public static Snapshotters choose(Path workDir) {
    try {
      Files.createDirectories(workDir);
      Path trial = Files.createTempDirectory(workDir, ".trial-");
      try {
        Path lower = Files.createDirectory(trial.resolve("lower"));
        Path upper = Files.createDirectory(trial.resolve("upper"));
        Path work = Files.createDirectory(trial.resolve("work"));
        Path target = Files.createDirectory(trial.resolve("target"));
        List<String> flags = new ArrayList<>(OverlaySnapshotter.flags(upper));
        flags.add("volatile");
        Mounts.overlay(List.of(lower), upper, work, target, flags);
        Mounts.unmount(target);
        return new Snapshotters(new OverlaySnapshotter(), null);
      } finally {
        TreeFiles.remove(trial);
      }
    } catch (IOException failed) {
      return new Snapshotters(new CopySnapshotter(), "write below " + workDir + ": " + failed);
    } catch (StoreException refused) {
      return new Snapshotters(new CopySnapshotter(), refused.getMessage());
    }
  }
}
